import type { Answer } from '../../../src/chat/api.ts'
import classes from './comparison.module.css'

type Props = { comparison: NonNullable<Answer['comparison']>; language: Answer['language'] }
const arrows = { up: '▲', down: '▼', flat: '–' } as const

/**
 * Up or down by arrow and amount; the colour follows the reader's custom: red is up in Korea, down elsewhere. The sentence
 * below says it in words, so it is not read out here.
 */
export function Comparison({ comparison, language }: Props) {
  const { direction, percent, delta } = comparison
  return (
    <p className={classes.change} data-direction={direction} data-language={language} aria-hidden>
      {arrows[direction]} {percent ?? delta}
      {percent !== null && direction !== 'flat' && <span className={classes.delta}>{delta}</span>}
    </p>
  )
}
