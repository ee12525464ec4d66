import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Me } from '../../../src/auth/api.ts'
import type { Prompt } from '../../../src/chat/api.ts'
import type { ChatRequests } from '../api/chat-requests.ts'
import classes from './welcome.module.css'

type Props = { me: Me; requests: ChatRequests; onAsk: (text: string) => void }
type Suggestions = { status: 'loading' } | { status: 'failed' } | { status: 'ready'; prompts: Prompt[] }

/** A new conversation: hello by name, and six questions that work for this person. */
export function Welcome({ me, requests, onAsk }: Props) {
  const { t, i18n } = useTranslation()
  const [suggestions, setSuggestions] = useState<Suggestions>({ status: 'loading' })
  // biome-ignore lint/correctness/useExhaustiveDependencies: the questions come in the interface's language
  useEffect(() => {
    let left = false
    requests
      .suggest()
      .then((prompts) => !left && setSuggestions({ status: 'ready', prompts }))
      .catch(() => !left && setSuggestions({ status: 'failed' }))
    return () => {
      left = true
    }
  }, [requests, i18n.language])

  return (
    <div className={classes.welcome}>
      <h2 className={classes.hello}>{t('welcome.hello', { name: me.name })}</h2>
      <p className={classes.lead}>{t('welcome.lead')}</p>
      {suggestions.status === 'failed' && <p className={classes.failed}>{t('welcome.failed')}</p>}
      {suggestions.status !== 'failed' && (
        <section className={classes.examples} aria-busy={suggestions.status === 'loading'}>
          <h3 className={classes.examplesTitle}>{t('welcome.examples')}</h3>
          <ul className={classes.grid}>
            {suggestions.status === 'loading'
              ? [0, 1, 2, 3, 4, 5].map((n) => <li key={n} className={`skeleton ${classes.ghost}`} />)
              : suggestions.prompts.map((prompt) => (
                  <li key={prompt.text}>
                    <button type="button" className={classes.example} onClick={() => onAsk(prompt.text)}>
                      {prompt.label}
                    </button>
                  </li>
                ))}
          </ul>
        </section>
      )}
    </div>
  )
}
