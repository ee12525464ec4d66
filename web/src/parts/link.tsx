import type { ComponentProps, MouseEvent } from 'react'
import { moveTo } from '../shell/use-route.ts'

type Props = Omit<ComponentProps<'a'>, 'href'> & { to: string }

/** A link to another page of ours: followed here without loading anew, and as any link in a new tab. */
export function Link({ to, onClick, ...rest }: Props) {
  function follow(event: MouseEvent<HTMLAnchorElement>): void {
    onClick?.(event)
    const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey
    if (!isPlain || event.defaultPrevented) return
    event.preventDefault()
    moveTo(to)
  }
  return <a {...rest} href={to} onClick={follow} />
}
