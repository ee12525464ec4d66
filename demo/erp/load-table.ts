import type pg from 'pg'
import type { TableRows } from './data/table-rows.ts'

const rowsPerInsert = 20_000

/** Writes the rows of a table of the schema `erp`, column by column: one statement carries thousands of rows. */
export async function loadTable(client: pg.Client, { table, columns, rows }: TableRows): Promise<void> {
  const types = await columnTypes(client, table)
  const arrays = columns.map((column, i) => {
    const type = types.get(column)
    if (!type) throw new Error(`The table ${table} has no column ${column}`)
    return `$${i + 1}::${type}[]`
  })
  const text = `insert into erp.${table} (${columns.join(', ')}) select * from unnest(${arrays.join(', ')})`
  for (let from = 0; from < rows.length; from += rowsPerInsert) {
    const part = rows.slice(from, from + rowsPerInsert)
    await client.query(
      text,
      columns.map((_, i) => part.map((row) => row[i] ?? null)),
    )
  }
}

/** The base types of a table's columns: an array of a domain would be checked value by value. */
async function columnTypes(client: pg.Client, table: string): Promise<Map<string, string>> {
  const result = await client.query<{ column_name: string; udt_name: string }>(
    `select column_name, udt_name from information_schema.columns where table_schema = 'erp' and table_name = $1`,
    [table],
  )
  return new Map(result.rows.map(({ column_name, udt_name }) => [column_name, udt_name]))
}
