-- name: erase/9_quarantine
-- Grain: refused lines that hold the id are emptied; that they were refused stays counted.
-- Reads: quarantine
-- Parameters: $id
UPDATE quarantine SET excerpt = NULL, sha256 = ''
WHERE contains(CAST(excerpt AS VARCHAR), CAST(encode($id) AS VARCHAR))
