import { ArrowUp } from 'lucide-react'
import { type KeyboardEvent, type Ref, useEffect, useEffectEvent, useImperativeHandle, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { maxQuestionLength } from '../../../src/chat/api.ts'
import { Chips } from './chips.tsx'
import classes from './composer.module.css'
import { forgetDraft, keepDraft, readDraft } from './draft.ts'
import type { useChat } from './use-chat.ts'

/** The API's limit; another number would be a type error. */
const longestQuestion: typeof maxQuestionLength = 1000
const warnFrom = 900

export type ComposerHandle = { focus: () => void }
type Props = { chat: ReturnType<typeof useChat>; ref: Ref<ComposerHandle> }

/** The box to ask in, with what has been understood so far right above it. */
export function Composer({ chat, ref }: Props) {
  const { t } = useTranslation()
  const { state, connection } = chat
  const [text, setText] = useState(readDraft)
  const field = useRef<HTMLTextAreaElement>(null)
  useImperativeHandle(ref, () => ({ focus: () => field.current?.focus() }), [])
  const readKept = useEffectEvent(() => chat.read(text))
  useEffect(() => readKept(), [])
  useEffect(() => {
    // Opening a keyboard unasked would cover half a phone.
    if (window.matchMedia('(hover: hover)').matches) field.current?.focus()
  }, [])

  const over = text.length - longestQuestion
  const online = connection === 'online'
  const canSend = text.trim() !== '' && over <= 0 && online && !state.pending && state.loading === 'ready'

  function change(next: string): void {
    setText(next)
    keepDraft(next)
    chat.read(next)
  }

  function send(): void {
    if (!canSend || !chat.ask(text.trim())) return
    setText('')
    forgetDraft()
  }

  function onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>): void {
    // While Hangul is being composed, Enter ends the syllable. Safari tells only by key code 229.
    if (event.nativeEvent.isComposing || event.keyCode === 229) return
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault()
      send()
    } else if (event.key === 'ArrowUp' && text === '') {
      const recalled = state.pending?.question ?? state.failed?.question ?? state.turns.at(-1)?.question
      if (recalled === undefined) return
      event.preventDefault()
      change(recalled)
    } else if (event.key === 'Escape') {
      event.currentTarget.blur()
    }
  }

  return (
    <section className={classes.dock} aria-label={t('input.label')}>
      <div className={classes.column}>
        {state.reading && state.reading.chips.length > 0 && (
          <div className={classes.understood}>
            <span className={classes.understoodLabel}>{t('input.understood')}</span>
            <Chips chips={state.reading.chips} />
          </div>
        )}
        <form
          className={classes.box}
          data-over={over > 0 || undefined}
          onSubmit={(event) => {
            event.preventDefault()
            send()
          }}
        >
          <div className={classes.grow} data-text={`${text} `}>
            <textarea
              ref={field}
              className={classes.field}
              value={text}
              rows={1}
              aria-label={t('input.label')}
              aria-describedby="input-note"
              placeholder={t('input.placeholder')}
              enterKeyHint="send"
              autoComplete="off"
              onChange={(event) => change(event.target.value)}
              onKeyDown={onKeyDown}
            />
          </div>
          <button type="submit" className={classes.send} disabled={!canSend} aria-label={t('input.send')}>
            <ArrowUp size={18} strokeWidth={2.25} aria-hidden />
          </button>
        </form>
        <p className={classes.note} id="input-note">
          <Note over={over} online={online} hasText={text !== ''} />
        </p>
      </div>
    </section>
  )
}

function Note({ over, online, hasText }: { over: number; online: boolean; hasText: boolean }) {
  const { t } = useTranslation()
  if (over > 0) return <span className={classes.over}>{t('input.tooLong', { over, max: longestQuestion })}</span>
  if (!online && hasText) return <span>{t('input.offline')}</span>
  if (over > warnFrom - longestQuestion) return <span>{t('input.remaining', { left: -over })}</span>
  return <span className={classes.keys}>{t('input.hint')}</span>
}
