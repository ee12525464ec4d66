import type { ReactNode } from 'react'
import classes from './badge.module.css'

export type Tone = 'plain' | 'good' | 'notice' | 'bad'

/** A word on a state. The word says it; the colour only helps. */
export function Badge({ tone = 'plain', children }: { tone?: Tone; children: ReactNode }) {
  return (
    <span className={classes.badge} data-tone={tone}>
      {children}
    </span>
  )
}
