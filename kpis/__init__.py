"""What is measured and how it is judged. Knows neither streamlit nor duckdb."""
