import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LetterOutcome } from '../../../../src/dead-letters/api.ts'
import { Empty } from '../../parts/empty.tsx'
import { Select } from '../../parts/field.tsx'
import { MoreButton } from '../../parts/more-button.tsx'
import { Reading } from '../../parts/reading.tsx'
import { Page, Section } from '../../parts/section.tsx'
import { useLoaded } from '../../parts/use-loaded.ts'
import classes from '../notify/notify.module.css'
import type { NotifyRequests } from '../notify/notify-requests.ts'
import { type Decision, LetterDialog } from './letter-dialog.tsx'
import { LetterTable, QueueTable } from './letter-tables.tsx'

/** Messages that nobody could deal with: looked at, handed to their queue again, thrown away. */
export function DeadLettersPage({ requests }: { requests: NotifyRequests }) {
  const { t } = useTranslation('admin')
  const [queue, setQueue] = useState('')
  const counts = useLoaded(requests.countLetters, 'counts')
  const asked = { queue }
  const list = useLoaded(() => requests.listLetters(asked), queue)
  const [open, setOpen] = useState<Decision | null>(null)
  const [outcome, setOutcome] = useState<LetterOutcome | null>(null)
  const onDone = (done: LetterOutcome) => {
    setOutcome(done)
    counts.reload()
    list.reload()
  }
  return (
    <Page title={t('pages.dead-letters')} lead={t('deadLetters.lead')}>
      {outcome && (
        <p className={classes.note} role="status">
          {t('deadLetters.done', { count: outcome.done, left: outcome.left })}
        </p>
      )}
      <Reading of={counts} rows={2}>
        {({ queues }) =>
          queues.length === 0 ? (
            <Empty>{t('deadLetters.empty')}</Empty>
          ) : (
            <>
              <Section title={t('deadLetters.queues')}>
                <QueueTable queues={queues} onAct={(kind, one) => setOpen({ kind, queue: one })} />
              </Section>
              <Section title={t('deadLetters.list')}>
                <search className={`${classes.filters} ${classes.one}`}>
                  <Select
                    label={t('deadLetters.queue')}
                    value={queue}
                    choices={[
                      { value: '', label: t('deadLetters.all') },
                      ...queues.map((one) => ({ value: one.queue, label: one.queue })),
                    ]}
                    onChoose={setQueue}
                  />
                </search>
                <Reading of={list}>
                  {({ letters, next }) => (
                    <div className={classes.list}>
                      <LetterTable letters={letters} onAct={(kind, letter) => setOpen({ kind, letter })} />
                      {next && (
                        <MoreButton
                          load={async () => {
                            const more = await requests.listLetters({ ...asked, after: next })
                            list.show({ ...more, letters: [...letters, ...more.letters] })
                          }}
                        />
                      )}
                    </div>
                  )}
                </Reading>
              </Section>
            </>
          )
        }
      </Reading>
      {open && <LetterDialog decision={open} requests={requests} onDone={onDone} onClose={() => setOpen(null)} />}
    </Page>
  )
}
