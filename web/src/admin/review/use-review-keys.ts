import { type RefObject, useEffect, useEffectEvent } from 'react'
import type { ReviewHandle } from './use-review.ts'

/** Single letters work while nothing else has the keyboard: the list does, or the page as a whole. */
function isListening(list: HTMLElement | null): boolean {
  const { activeElement } = document
  const isFree = activeElement === null || activeElement === document.body || activeElement.id === 'main'
  return isFree || (list?.contains(activeElement) ?? false)
}

/** Reviews by keyboard: J and K move, Enter accepts, E corrects, S skips, X discards, Z takes the last act back. */
export function useReviewKeys(list: RefObject<HTMLElement | null>, review: ReviewHandle, onCorrect: () => void): void {
  const press = useEffectEvent((event: KeyboardEvent) => {
    const isOther = event.ctrlKey || event.metaKey || event.altKey || event.isComposing
    if (isOther || !isListening(list.current) || document.querySelector('[role="dialog"]')) return
    const { current, filter } = review
    const isOpen = filter.state === 'open'
    // A button that is focused is pressed by Enter as everywhere.
    if (event.key === 'Enter' && document.activeElement?.closest('button, a, summary')) return
    const acts: Record<string, () => unknown> = {
      j: () => review.move(1),
      s: () => review.move(1),
      k: () => review.move(-1),
      z: () => review.undo(),
      ...(current && { e: onCorrect }),
      ...(current && isOpen && { x: () => review.discard(current.turn) }),
      ...(current &&
        isOpen && { enter: () => (current.suggested === undefined ? onCorrect() : review.accept(current)) }),
    }
    // By the key's place, so that it works while Hangul is typed.
    const name = event.code.startsWith('Key') ? event.code.slice(3).toLowerCase() : event.key.toLowerCase()
    const act = acts[name]
    if (!act) return
    event.preventDefault()
    act()
  })
  useEffect(() => {
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [])
}
