import { ArrowDown } from 'lucide-react'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Me } from '../../../src/auth/api.ts'
import { IconButton } from '../parts/icon-button.tsx'
import { Problem } from '../parts/problem.tsx'
import { AnswerCard } from './answer-card.tsx'
import { createColorBook } from './color-book.ts'
import { PendingAnswer } from './pending-answer.tsx'
import { Question } from './question.tsx'
import classes from './transcript.module.css'
import type { useChat } from './use-chat.ts'
import { Welcome } from './welcome.tsx'

type Props = { me: Me; chat: ReturnType<typeof useChat> }

const farFromEndPx = 240

/** The reading column: every turn, the one on its way, and the one that failed. */
export function Transcript({ me, chat }: Props) {
  const { t } = useTranslation()
  const { state, requests, ask } = chat
  const scroller = useRef<HTMLElement>(null)
  const last = useRef<HTMLElement>(null)
  const [away, setAway] = useState(false)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a conversation has its own colours
  const colors = useMemo(createColorBook, [state.conversationId])

  // The latest question stands at the top, its answer below it: what to read first, however long it is.
  const latest = state.pending?.requestId ?? state.failed ?? state.freshTurnId
  useEffect(() => {
    if (latest !== null) last.current?.scrollIntoView({ block: 'start', behavior: 'smooth' })
  }, [latest])
  useEffect(() => {
    if (state.loading === 'ready') last.current?.scrollIntoView({ block: 'start' })
  }, [state.loading])

  if (state.loading !== 'ready') return <Opening state={state.loading} onRetry={chat.reopen} onNew={chat.startNew} />
  const isNew = state.turns.length === 0 && !state.pending && !state.failed
  const lastTurn = state.turns.at(-1)
  return (
    <main
      id="main"
      className={classes.scroller}
      ref={scroller}
      onScroll={({ currentTarget: at }) => setAway(at.scrollHeight - at.scrollTop - at.clientHeight > farFromEndPx)}
    >
      {isNew && <Welcome me={me} requests={requests} onAsk={ask} />}
      {!isNew && (
        <div className={classes.column}>
          {state.turns.map((turn) => (
            <article key={turn.turnId} className={classes.turn} ref={turn === lastTurn ? last : undefined}>
              <Question text={turn.question} askedAt={turn.askedAt} />
              <AnswerCard
                turn={turn}
                conversationId={state.conversationId}
                fresh={turn.turnId === state.freshTurnId}
                colors={colors}
                requests={requests}
                onAsk={ask}
              />
            </article>
          ))}
          {state.pending && (
            <article className={classes.turn} ref={last}>
              <Question text={state.pending.question} />
              <PendingAnswer key={state.pending.requestId} pending={state.pending} />
            </article>
          )}
          {state.failed && (
            <article className={classes.turn} ref={last}>
              <Question text={state.failed.question} />
              <Problem of="answer" error={state.failed} onRetry={() => state.failed && ask(state.failed.question)} />
            </article>
          )}
        </div>
      )}
      {away && (
        <div className={classes.latest}>
          <IconButton
            icon={ArrowDown}
            label={t('turn.latest')}
            className={classes.latestButton ?? ''}
            onClick={() => toEnd(scroller.current, 'smooth')}
          />
        </div>
      )}
    </main>
  )
}

function toEnd(scroller: HTMLElement | null, behavior: ScrollBehavior): void {
  scroller?.scrollTo({ top: scroller.scrollHeight, behavior })
}

type OpeningProps = { state: 'loading' | 'failed' | 'not-found'; onRetry: () => void; onNew: () => void }

/** A kept conversation on its way to the screen, or why it isn't coming. */
function Opening({ state, onRetry, onNew }: OpeningProps) {
  const { t } = useTranslation()
  if (state === 'loading') {
    return (
      <main id="main" className={classes.scroller} aria-busy="true" aria-label={t('turn.opening')}>
        <div className={classes.column}>
          {[0, 1].map((n) => (
            <div key={n} className={classes.turn}>
              <div className={`skeleton ${classes.ghostQuestion}`} />
              <div className={classes.ghostCard}>
                <div className="skeleton" />
                <div className="skeleton" />
                <div className="skeleton" />
              </div>
            </div>
          ))}
        </div>
      </main>
    )
  }
  return (
    <main id="main" className={`${classes.scroller} ${classes.centered}`}>
      <p role="alert">{t(state === 'failed' ? 'turn.openFailed' : 'turn.notFound')}</p>
      <button type="button" className="plain-button" onClick={state === 'failed' ? onRetry : onNew}>
        {t(state === 'failed' ? 'retry' : 'list.new')}
      </button>
    </main>
  )
}
