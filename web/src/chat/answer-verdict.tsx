import { ThumbsDown, ThumbsUp } from 'lucide-react'
import { type FormEvent, useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Feedback, Turn } from '../../../src/chat/api.ts'
import type { ChatRequests } from '../api/chat-requests.ts'
import { IconButton } from '../parts/icon-button.tsx'
import classes from './answer-verdict.module.css'

type Props = { turn: Turn; conversationId: string; requests: ChatRequests }

const causes = ['misunderstood', 'wrong_number', 'not_answered', 'other'] as const
const longestRemark = 500

/** What its reader thinks of an answer: good or bad, to be changed at any time; when bad, what was wrong, for those who want to say. */
export function AnswerVerdict({ turn, conversationId, requests }: Props) {
  const { t } = useTranslation()
  const [said, setSaid] = useState<Feedback | null>(turn.feedback ?? null)
  const sending = useRef<Promise<unknown>>(Promise.resolve())
  const [isAsking, setAsking] = useState(false)
  const [note, setNote] = useState<'thanks' | 'failed' | null>(null)

  async function say(feedback: Feedback): Promise<boolean> {
    const before = said
    setSaid(feedback)
    setNote(null)
    // One after the other: what was said last is what stays.
    const sent = sending.current.then(() => requests.rate(conversationId, turn.turnId, feedback))
    sending.current = sent.catch(() => undefined)
    try {
      await sent
      return true
    } catch {
      setSaid(before)
      setNote('failed')
      return false
    }
  }

  async function press(rating: Feedback['rating']): Promise<void> {
    setAsking(rating === 'down')
    // What was said of a bad answer stays when the same thumb is pressed to see it again.
    if (said?.rating === rating) return
    if ((await say({ rating })) && rating === 'up') setNote('thanks')
  }

  return (
    <div className={classes.verdict}>
      <fieldset className={classes.thumbs} aria-label={t('verdict.label')}>
        <IconButton
          icon={ThumbsUp}
          size={14}
          label={t('verdict.up')}
          aria-pressed={said?.rating === 'up'}
          className={classes.thumb ?? ''}
          onClick={() => void press('up')}
        />
        <IconButton
          icon={ThumbsDown}
          size={14}
          label={t('verdict.down')}
          aria-pressed={said?.rating === 'down'}
          aria-expanded={isAsking}
          className={classes.thumb ?? ''}
          onClick={() => void press('down')}
        />
        <span className={classes.note} role="status">
          {note && t(`verdict.${note}`)}
          {!note && !isAsking && said?.cause && t(`verdict.cause.${said.cause}`)}
        </span>
      </fieldset>
      {isAsking && said?.rating === 'down' && (
        <Complaint
          said={said}
          send={async (feedback) => {
            if (!(await say(feedback))) return
            setAsking(false)
            setNote('thanks')
          }}
          onClose={() => setAsking(false)}
        />
      )}
    </div>
  )
}

type ComplaintProps = { said: Feedback; send: (feedback: Feedback) => Promise<void>; onClose: () => void }

/** What was wrong, in one press and, if one likes, a sentence. */
function Complaint({ said, send, onClose }: ComplaintProps) {
  const { t } = useTranslation()
  const id = useId()
  const [cause, setCause] = useState(said.cause)
  const [remark, setRemark] = useState(said.remark ?? '')
  function submit(event: FormEvent): void {
    event.preventDefault()
    const text = remark.trim()
    void send({ rating: 'down', ...(cause && { cause }), ...(text && { remark: text }) })
  }
  return (
    <form
      className={classes.complaint}
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose()
      }}
    >
      <fieldset className={classes.causes}>
        <legend>{t('verdict.why')}</legend>
        {causes.map((one) => (
          <label key={one} className={classes.cause}>
            <input type="radio" name={id} checked={cause === one} onChange={() => setCause(one)} />
            {t(`verdict.cause.${one}`)}
          </label>
        ))}
      </fieldset>
      <label className={classes.remark}>
        <span>{t('verdict.remark')}</span>
        <textarea
          rows={2}
          maxLength={longestRemark}
          value={remark}
          onChange={({ target }) => setRemark(target.value)}
        />
      </label>
      <div className={classes.actions}>
        <button type="submit" className="plain-button" disabled={!cause && remark.trim() === ''}>
          {t('verdict.send')}
        </button>
        <button type="button" className={classes.quiet} onClick={onClose}>
          {t('close')}
        </button>
      </div>
    </form>
  )
}
