/** Names from elsewhere may hold anything: none of it moves the cursor. */
export function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]+/gu, ' ')
}

/** An instant to the minute, where the terminal is: `2026-11-23 14:32`. */
export function shortTime(instant: string): string {
  return new Date(instant).toLocaleString('sv-SE').slice(0, 16)
}
