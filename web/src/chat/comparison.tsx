import type { Answer } from '../../../src/chat/api.ts'
import classes from './comparison.module.css'

type Props = { comparison: NonNullable<Answer['comparison']>; language: Answer['language'] }
const arrows = { up: '▲', down: '▼', flat: '—' } as const

/** Up or down by arrow and words; the colour follows the reader's custom: red is up in Korea, down elsewhere. */
export function Comparison({ comparison, language }: Props) {
  const { direction, percent, delta, text } = comparison
  return (
    <p className={classes.comparison}>
      <span className={classes.change} data-direction={direction} data-language={language} aria-hidden>
        {arrows[direction]} {percent ?? delta}
      </span>
      <span className={classes.text}>{text}</span>
    </p>
  )
}
