import { Drawer } from '@mantine/core'
import { ChevronRight } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AnswerTable } from '../../../src/chat/api.ts'
import classes from './phone-table.module.css'
import { tellingColumns } from './telling-columns.ts'

type Row = AnswerTable['rows'][number]

/** More rows than this push everything else off a phone; the rest comes at a press. */
const firstRows = 10

/** The two most telling columns; a tap opens the whole row in a sheet. */
export function PhoneTable({ table, isRecords }: { table: AnswerTable; isRecords: boolean }) {
  const { t } = useTranslation()
  const [opened, setOpened] = useState<Row | null>(null)
  const [all, setAll] = useState(false)
  const rows = all ? table.rows : table.rows.slice(0, firstRows)
  const { names, value } = tellingColumns(table, isRecords)
  const nameOf = (row: Row) => names.map((at) => row[at]?.text ?? '').join(' · ')
  const hasMore = table.columns.length > names.length + (value === null ? 0 : 1)
  const totalText = value === null ? undefined : table.total?.[value]?.text
  return (
    <>
      <div className={classes.head}>
        <span>{names.map((at) => table.columns[at]?.label).join(' · ')}</span>
        {value !== null && <span>{table.columns[value]?.label}</span>}
      </div>
      <ul className={classes.rows}>
        {rows.map((row, line) => {
          const content = (
            <>
              <span className={classes.name}>{nameOf(row)}</span>
              {value !== null && <span className={classes.value}>{row[value]?.text}</span>}
            </>
          )
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity of their own and never move
            <li key={line}>
              {hasMore ? (
                <button type="button" className={classes.row} onClick={() => setOpened(row)}>
                  {content}
                  <ChevronRight size={16} aria-hidden className={classes.more} />
                </button>
              ) : (
                <div className={classes.row}>{content}</div>
              )}
            </li>
          )
        })}
      </ul>
      {rows.length < table.rows.length && (
        <button type="button" className={classes.all} onClick={() => setAll(true)}>
          {t('answer.showAll', { count: table.rows.length })}
        </button>
      )}
      {totalText !== undefined && (
        <div className={classes.total} data-more={hasMore || undefined}>
          <span>{t('answer.total')}</span>
          <span>{totalText}</span>
        </div>
      )}
      <Drawer
        opened={opened !== null}
        onClose={() => setOpened(null)}
        position="bottom"
        classNames={{ content: 'bottom-sheet' }}
        title={opened ? nameOf(opened) : ''}
        closeButtonProps={{ 'aria-label': t('close') }}
        lockScroll={false}
      >
        <dl className={classes.details}>
          {table.columns.map((column, at) => (
            <div key={column.name} className={classes.detail}>
              <dt>{column.label}</dt>
              <dd>{opened?.[at]?.text}</dd>
            </div>
          ))}
        </dl>
      </Drawer>
    </>
  )
}
