import { useTranslation } from 'react-i18next'
import type { LetterBody, LetterCountsBody } from '../../../../src/dead-letters/api.ts'
import { Table } from '../../parts/table.tsx'
import { formatInstant } from '../../parts/when.ts'
import classes from '../notify/notify.module.css'

type QueueProps = {
  queues: LetterCountsBody['queues']
  onAct: (kind: 'replay-all' | 'discard-all', queue: string) => void
}

/** How many dead letters each queue has, and what can be done with all of them. */
export function QueueTable({ queues, onAct }: QueueProps) {
  const { t, i18n } = useTranslation('admin')
  return (
    <Table
      label={t('deadLetters.queues')}
      rows={queues}
      keyOf={({ queue }) => queue}
      columns={[
        { key: 'queue', title: t('deadLetters.queue'), cell: ({ queue }) => queue },
        {
          key: 'letters',
          title: t('deadLetters.letters'),
          numeric: true,
          cell: ({ letters }) => letters.toLocaleString(i18n.language),
        },
        {
          key: 'oldest',
          title: t('deadLetters.oldest'),
          cell: ({ oldestAt }) => formatInstant(oldestAt, i18n.language),
        },
        {
          key: 'act',
          title: '',
          cell: ({ queue }) => (
            <span className={classes.buttons}>
              <button type="button" className="plain-button" onClick={() => onAct('replay-all', queue)}>
                {t('deadLetters.replayAll')}
              </button>
              <button type="button" className="plain-button" onClick={() => onAct('discard-all', queue)}>
                {t('deadLetters.discardAll')}
              </button>
            </span>
          ),
        },
      ]}
    />
  )
}

type LetterProps = { letters: LetterBody[]; onAct: (kind: 'show' | 'replay' | 'discard', letter: string) => void }

/** Dead letters, oldest first, and what can be done with each. */
export function LetterTable({ letters, onAct }: LetterProps) {
  const { t, i18n } = useTranslation('admin')
  return (
    <Table
      label={t('deadLetters.list')}
      rows={letters}
      keyOf={({ letter }) => letter}
      columns={[
        { key: 'died', title: t('deadLetters.died'), cell: ({ diedAt }) => formatInstant(diedAt, i18n.language) },
        { key: 'queue', title: t('deadLetters.queue'), cell: ({ queue }) => queue },
        { key: 'tries', title: t('deadLetters.tries'), numeric: true, cell: ({ deliveries }) => deliveries },
        {
          key: 'why',
          title: t('deadLetters.why'),
          cell: ({ reason }) => <code className={classes.code}>{reason}</code>,
        },
        {
          key: 'act',
          title: '',
          cell: ({ letter }) => (
            <span className={classes.buttons}>
              {(['show', 'replay', 'discard'] as const).map((kind) => (
                <button key={kind} type="button" className="plain-button" onClick={() => onAct(kind, letter)}>
                  {t(`deadLetters.${kind}`)}
                </button>
              ))}
            </span>
          ),
        },
      ]}
    />
  )
}
