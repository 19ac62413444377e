"""A made-up four-week beta with planted truths, written in the formats real sources use.

`build(scale)` simulates people, their days, every request and every scrape; `data.demo.folder.write`
puts it into a folder as JSON lines, OpenMetrics text, beta.toml and truth.json. Everything is drawn from
`plan.SEED`: no clock, no host time zone, no hash order. Simulated quantities are rounded to integers as
they are drawn, so the bytes do not hang on the last bit of a machine's exp() or log().
"""
