import type { ReactNode } from 'react'
import classes from './empty.module.css'

/** What stands where rows would: that there are none, and how to come by some. */
export function Empty({ children }: { children: ReactNode }) {
  return <p className={classes.empty}>{children}</p>
}
