import { useTranslation } from 'react-i18next'
import classes from './question.module.css'

/** What the person asked, in their words. */
export function Question({ text, askedAt }: { text: string; askedAt?: string }) {
  const { t, i18n } = useTranslation()
  return (
    <div className={classes.row}>
      {askedAt && (
        <time className={classes.time} dateTime={askedAt}>
          {clock(askedAt, i18n.language)}
        </time>
      )}
      <h2 className={classes.bubble}>
        <span className="hidden-text">{t('turn.you')}: </span>
        {text}
      </h2>
    </div>
  )
}

const seoul = { timeZone: 'Asia/Seoul' } as const

/** 14:32 today, 11.23 14:32 otherwise. */
function clock(instant: string, language: string): string {
  const at = new Date(instant)
  const time = at.toLocaleTimeString('en-GB', { ...seoul, hour: '2-digit', minute: '2-digit' })
  const day = (date: Date) => date.toLocaleDateString('en-CA', seoul)
  if (day(at) === day(new Date())) return time
  if (language === 'en')
    return `${at.toLocaleDateString('en-GB', { ...seoul, day: 'numeric', month: 'short' })} ${time}`
  const [, month, date] = day(at).split('-')
  return `${Number(month)}.${Number(date)} ${time}`
}
