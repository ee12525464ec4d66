const key = 'draft'

/** The unsent question survives a reload and a new sign-in, in this tab only. */
export function readDraft(): string {
  return sessionStorage.getItem(key) ?? ''
}

/** Keeps what is in the box; an empty box keeps nothing. */
export function keepDraft(text: string): void {
  if (text === '') forgetDraft()
  else sessionStorage.setItem(key, text)
}

/** The question was sent. */
export function forgetDraft(): void {
  sessionStorage.removeItem(key)
}
