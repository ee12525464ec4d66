import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './table.module.css'

/** A column: its heading, empty for what can be done with a row, and what it shows of a row. The first names the row. */
type Column<T> = { key: string; title: string; cell: (row: T) => ReactNode; numeric?: boolean }

type Props<T> = { label: string; columns: Column<T>[]; rows: T[]; keyOf: (row: T) => string }

/** Rows in a table; on a phone each row becomes a card with the headings beside what they head. */
export function Table<T>({ label, columns, rows, keyOf }: Props<T>) {
  const { t } = useTranslation()
  const [name, ...rest] = columns
  return (
    <div className={classes.scroll}>
      <table className={classes.table} aria-label={label}>
        <thead>
          <tr>
            {columns.map(({ key, title, numeric }) => (
              <th key={key} scope="col" data-numeric={numeric || undefined}>
                {title || <span className="hidden-text">{t('actions')}</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              <th scope="row">{name?.cell(row)}</th>
              {rest.map(({ key, title, cell, numeric }) => (
                <td key={key} data-title={title} data-numeric={numeric || undefined}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
