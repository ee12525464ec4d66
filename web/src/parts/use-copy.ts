import { useRef, useState } from 'react'

const shownMs = 2000

/** Copies text and says for a moment how that went. */
export function useCopy() {
  const [phase, setPhase] = useState<'idle' | 'copied' | 'failed'>('idle')
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  async function copy(text: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(text)
      setPhase('copied')
    } catch {
      setPhase('failed')
    }
    clearTimeout(timer.current)
    timer.current = setTimeout(() => setPhase('idle'), shownMs)
  }
  return { phase, copy }
}
