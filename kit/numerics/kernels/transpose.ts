// Turns a CSR matrix into the CSR matrix of its transpose, by counting; here so that a server's event loop need not do it.

/**
 * One task (begin and end are not used). `rowsOffsets` has rowCount + 1 numbers; `columnOffsets` gets columnCount + 1. Entries of a
 * column come out in the order of their rows.
 */
export function transposeMatrix(
  begin: i32, end: i32, scratch: usize,
  rowCount: i32, columnCount: i32, rowOffsets: usize, columns: usize, values: usize,
  columnOffsets: usize, rows: usize, transposedValues: usize,
): void {
  memory.fill(columnOffsets, 0, (usize(columnCount) + 1) << 2)
  const entryCount = i32.load(rowOffsets + (usize(rowCount) << 2))
  for (let entry = 0; entry < entryCount; entry++) {
    const counter = columnOffsets + (usize(i32.load(columns + (usize(entry) << 2))) << 2)
    i32.store(counter, i32.load(counter) + 1)
  }
  // counts -> where each column ends; filling from the last entry down moves each to where its column starts
  let sum = 0
  for (let column = 0; column <= columnCount; column++) {
    const at = columnOffsets + (usize(column) << 2)
    sum += i32.load(at)
    i32.store(at, sum)
  }
  for (let row = rowCount - 1; row >= 0; row--) {
    const first = i32.load(rowOffsets + (usize(row) << 2))
    for (let entry = i32.load(rowOffsets + (usize(row) << 2), 4) - 1; entry >= first; entry--) {
      const counter = columnOffsets + (usize(i32.load(columns + (usize(entry) << 2))) << 2)
      const target = i32.load(counter) - 1
      i32.store(counter, target)
      i32.store(rows + (usize(target) << 2), row)
      f32.store(transposedValues + (usize(target) << 2), f32.load(values + (usize(entry) << 2)))
    }
  }
}
