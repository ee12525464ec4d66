import { Ban, Lock } from 'lucide-react'
import type { Turn } from '../../../src/chat/api.ts'
import type { ChatRequests } from '../api/chat-requests.ts'
import { Problem } from '../parts/problem.tsx'
import classes from './answer-card.module.css'
import { AnswerData } from './answer-data.tsx'
import { AnswerFooter } from './answer-footer.tsx'
import { AnswerVerdict } from './answer-verdict.tsx'
import { Chips } from './chips.tsx'
import type { ColorBook } from './color-book.ts'
import { Comparison } from './comparison.tsx'
import { FileButton } from './file-button.tsx'
import { Prompts } from './prompts.tsx'
import { RichText } from './rich-text.tsx'

type Props = {
  turn: Turn
  conversationId: string | null
  fresh: boolean
  colors: ColorBook
  requests: ChatRequests
  onAsk: (text: string) => void
}

/** One answer: number, sentence, how it was understood, data, source. Answers without data are just their sentence. */
export function AnswerCard({ turn, conversationId, fresh, colors, requests, onAsk }: Props) {
  const { answer } = turn
  if (answer.kind === 'failed') {
    const error = { code: answer.errorCode ?? '', message: answer.text, traceId: turn.traceId }
    return <Problem error={error} of="answer" onRetry={() => onAsk(turn.question)} />
  }
  const hasData = answer.table !== undefined || answer.headline !== undefined
  return (
    <div className={classes.answer} lang={answer.language} data-fresh={fresh || undefined}>
      <div className={hasData ? classes.card : classes.plain} data-kind={answer.kind}>
        {answer.headline && (
          <div className={classes.headline}>
            <p className={classes.headlineLabel}>{answer.headline.label}</p>
            <p className={classes.number} title={answer.headline.exact}>
              {answer.headline.text}
            </p>
            {answer.comparison && <Comparison comparison={answer.comparison} language={answer.language} />}
          </div>
        )}
        <div className={classes.words}>
          <KindIcon kind={answer.kind} />
          <div>
            <p className={classes.sentence}>
              <RichText text={answer.text} />
            </p>
            {answer.coverage && <p className={classes.coverage}>{answer.coverage}</p>}
          </div>
        </div>
        {answer.chips.length > 0 && (
          <div className={classes.chips}>
            <Chips chips={answer.chips} />
          </div>
        )}
        {hasData && <AnswerData answer={answer} colors={colors} />}
        {answer.download && <FileButton file={answer.download} requests={requests} />}
        {hasData && <AnswerFooter turn={turn} conversationId={conversationId} requests={requests} />}
        {!hasData && answer.sourceText && <p className={classes.source}>{answer.sourceText}</p>}
      </div>
      {conversationId !== null && <AnswerVerdict turn={turn} conversationId={conversationId} requests={requests} />}
      {answer.prompts.length > 0 && (
        <Prompts prompts={answer.prompts} isChoice={answer.kind === 'clarify'} onAsk={onAsk} />
      )}
    </div>
  )
}

function KindIcon({ kind }: { kind: Turn['answer']['kind'] }) {
  if (kind === 'not-allowed') return <Lock size={18} strokeWidth={1.75} aria-hidden className={classes.kindIcon} />
  if (kind === 'not-offered') return <Ban size={18} strokeWidth={1.75} aria-hidden className={classes.kindIcon} />
  return null
}
