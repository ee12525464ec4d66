import { useTranslation } from 'react-i18next'
import type { Prompt } from '../../../src/chat/api.ts'
import classes from './prompts.module.css'

type Props = { prompts: Prompt[]; isChoice: boolean; onAsk: (text: string) => void }

/** Buttons that ask: the candidates of an unclear name, or what to ask next. */
export function Prompts({ prompts, isChoice, onAsk }: Props) {
  const { t } = useTranslation()
  return (
    <div className={classes.prompts}>
      <ul className={classes.list} aria-label={t(isChoice ? 'answer.pick' : 'answer.next')}>
        {prompts.map((prompt) => (
          <li key={prompt.text}>
            <button
              type="button"
              className={isChoice ? classes.choice : classes.prompt}
              onClick={() => onAsk(prompt.text)}
            >
              {prompt.label}
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}
