import { useTranslation } from 'react-i18next'
import { withoutBold } from './bold-text.ts'
import type { ChatState } from './chat-state.ts'

/** Reads each new answer out once. It is the page's only live region, so that nothing is said twice. */
export function AnswerAnnouncer({ state }: { state: ChatState }) {
  const { t } = useTranslation()
  const fresh = state.turns.find((turn) => turn.turnId === state.freshTurnId)
  const text = fresh ? `${t('answer.label')}: ${withoutBold(fresh.answer.text)}` : ''
  return (
    <div className="hidden-text" role="status" aria-live="polite" lang={fresh?.answer.language}>
      {text}
    </div>
  )
}
