import { useTranslation } from 'react-i18next'
import type { AnswerTable } from '../../../src/chat/api.ts'
import classes from './data-table.module.css'

type Cell = AnswerTable['rows'][number][number]

/** The exact value on hover where the text shows it rounded or worded. */
function exact(cell: Cell): string | undefined {
  const value = cell.value === null ? '' : String(cell.value)
  return value === '' || value === cell.text ? undefined : value
}

/** Which way a cell of a change column points, for its colour. */
function changeOf(name: string, cell: Cell): 'up' | 'down' | undefined {
  if (!name.startsWith('change:')) return undefined
  if (cell.text.startsWith('▲')) return 'up'
  return cell.text.startsWith('▼') ? 'down' : undefined
}

/** All columns and rows, scrolling inside itself; header, first column and total stay. */
export function DataTable({ table }: { table: AnswerTable }) {
  const { t } = useTranslation()
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={classes.scroll} aria-label={t('answer.table')} tabIndex={0}>
      <table className={classes.table}>
        <thead>
          <tr>
            {table.columns.map((column) => (
              <th key={column.name} scope="col" data-numeric={column.numeric || undefined}>
                {column.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row, line) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity of their own and never move
            <tr key={line}>
              {table.columns.map((column, at) => {
                const cell = row[at] ?? { text: '', value: null }
                const Tag = at === 0 ? 'th' : 'td'
                return (
                  <Tag
                    key={column.name}
                    scope={at === 0 ? 'row' : undefined}
                    data-numeric={column.numeric || undefined}
                    data-change={changeOf(column.name, cell)}
                    title={exact(cell)}
                  >
                    {cell.text}
                  </Tag>
                )
              })}
            </tr>
          ))}
        </tbody>
        {table.total && (
          <tfoot>
            <tr>
              {table.columns.map((column, at) => {
                const cell = table.total?.[at]
                const text = cell?.text ?? (at === 0 ? t('answer.total') : '')
                return at === 0 ? (
                  <th key={column.name} scope="row">
                    {text}
                  </th>
                ) : (
                  <td
                    key={column.name}
                    data-numeric={column.numeric || undefined}
                    data-change={cell ? changeOf(column.name, cell) : undefined}
                    title={cell ? exact(cell) : undefined}
                  >
                    {text}
                  </td>
                )
              })}
            </tr>
          </tfoot>
        )}
      </table>
    </section>
  )
}
