/** Where the launcher tells what it does: `isTerminal` shows what is under way in a line that is rewritten. */
export type Screen = { write: (text: string) => void; isTerminal: boolean; columns: number }

export type Steps = {
  /** Runs `work` as a step: one line with its time when done. `work` may tell how far it is. */
  step: <T>(label: string, work: (tell: (progress: string) => void) => Promise<T>) => Promise<T>
  /** A line of its own. */
  say: (line: string) => void
  /** Ends the line that is rewritten. */
  close: () => void
}

const frameMs = 200

/** Prints to `screen`; steps may overlap. `clock` is in milliseconds. */
export function createSteps(screen: Screen, clock: () => number = () => performance.now()): Steps {
  const running = new Map<string, { startedMs: number; progress: string }>()
  let timer: NodeJS.Timeout | undefined

  let shown = ''
  const erase = () => {
    if (shown !== '') screen.write('\r\u001b[2K')
    shown = ''
  }
  const draw = () => {
    if (!screen.isTerminal || running.size === 0) return
    const parts = [...running].map(([label, { startedMs, progress }]) => {
      const seconds = Math.floor((clock() - startedMs) / 1_000)
      return `${label}${progress && ` (${progress})`}${seconds > 0 ? ` ${seconds} s` : ''}`
    })
    const line = `  … ${parts.join(' · ')}`.slice(0, screen.columns - 1)
    if (line === shown) return
    erase()
    screen.write(line)
    shown = line
  }
  const say = (line: string) => {
    erase()
    screen.write(`${line}\n`)
    draw()
  }
  const close = () => {
    clearInterval(timer)
    timer = undefined
    running.clear()
    erase()
  }
  return {
    say,
    close,
    step: async (label, work) => {
      const startedMs = clock()
      const state = { startedMs, progress: '' }
      running.set(label, state)
      if (screen.isTerminal) timer ??= setInterval(draw, frameMs).unref()
      draw()
      try {
        const result = await work((progress) => {
          state.progress = progress
        })
        running.delete(label)
        say(`  ✓ ${label.padEnd(34)} ${formatSeconds(clock() - startedMs)}`)
        return result
      } finally {
        running.delete(label)
        if (running.size === 0) close()
      }
    },
  }
}

function formatSeconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1).padStart(5)} s`
}

/** For tests and programs: says nothing. */
export const silentScreen: Screen = { write: () => undefined, isTerminal: false, columns: 80 }
