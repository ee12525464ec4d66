import { useTranslation } from 'react-i18next'
import type { LetterDetailBody, LetterOutcome } from '../../../../src/dead-letters/api.ts'
import { ActDialog } from '../../parts/act-dialog.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Reading } from '../../parts/reading.tsx'
import { ReasonDialog } from '../../parts/reason-dialog.tsx'
import { TraceCode } from '../../parts/trace-code.tsx'
import { useLoaded } from '../../parts/use-loaded.ts'
import { formatSecond } from '../../parts/when.ts'
import classes from '../notify/notify.module.css'
import { Fact, Facts } from '../notify/notify-parts.tsx'
import type { NotifyRequests } from '../notify/notify-requests.ts'

/** What is to be done, with one or with all of a queue. */
export type Decision =
  | { kind: 'show' | 'replay' | 'discard'; letter: string }
  | { kind: 'replay-all' | 'discard-all'; queue: string }

type Props = {
  decision: Decision
  requests: NotifyRequests
  onDone: (outcome: LetterOutcome) => void
  onClose: () => void
}

/** The dialog for what somebody wants to do with dead letters. */
export function LetterDialog({ decision, requests, onDone, onClose }: Props) {
  const { t } = useTranslation('admin')
  switch (decision.kind) {
    case 'show':
      return <ShownLetter letter={decision.letter} requests={requests} onClose={onClose} />
    case 'replay':
      return (
        <ActDialog
          title={t('deadLetters.replay')}
          text={t('deadLetters.replayText')}
          action={t('deadLetters.replay')}
          act={async () => onDone(await requests.replayLetter(decision.letter))}
          onClose={onClose}
        />
      )
    case 'discard':
      return (
        <ReasonDialog
          title={t('deadLetters.discardTitle')}
          text={t('deadLetters.discardText')}
          action={t('deadLetters.discard')}
          isDangerous
          act={async (reason) => onDone(await requests.discardLetter(decision.letter, reason))}
          onClose={onClose}
        />
      )
    case 'replay-all':
      return (
        <ActDialog
          title={t('deadLetters.replayAll')}
          text={t('deadLetters.replayAllText', { queue: decision.queue })}
          action={t('deadLetters.replayAll')}
          act={async () => onDone(await requests.replayQueue(decision.queue))}
          onClose={onClose}
        />
      )
    case 'discard-all':
      return (
        <ReasonDialog
          title={t('deadLetters.discardAll')}
          text={t('deadLetters.discardAllText', { queue: decision.queue })}
          action={t('deadLetters.discardAll')}
          isDangerous
          act={async (reason) => onDone(await requests.discardQueue(decision.queue, reason))}
          onClose={onClose}
        />
      )
  }
}

type ShownProps = { letter: string; requests: NotifyRequests; onClose: () => void }

function ShownLetter({ letter, requests, onClose }: ShownProps) {
  const { t } = useTranslation('admin')
  const shown = useLoaded(() => requests.openLetter(letter), letter)
  return (
    <Dialog title={t('deadLetters.showTitle')} onClose={onClose}>
      <Reading of={shown}>{(value) => <LetterView letter={value} />}</Reading>
    </Dialog>
  )
}

function LetterView({ letter: { queue, reason, deliveries, diedAt, message, traceId } }: { letter: LetterDetailBody }) {
  const { t, i18n } = useTranslation('admin')
  return (
    <div className={classes.list}>
      <Facts>
        <Fact name={t('deadLetters.queue')}>{queue}</Fact>
        <Fact name={t('deadLetters.died')}>{formatSecond(diedAt, i18n.language)}</Fact>
        <Fact name={t('deadLetters.tries')}>{deliveries}</Fact>
        <Fact name={t('deadLetters.why')}>{reason}</Fact>
      </Facts>
      <p className={classes.quiet}>{t('deadLetters.masked')}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what is longer than the box is scrolled by keyboard, too */}
      <pre className={classes.message} tabIndex={0}>
        {JSON.stringify(message, null, 2)}
      </pre>
      {traceId && (
        <div>
          <TraceCode id={traceId} />
        </div>
      )}
    </div>
  )
}
