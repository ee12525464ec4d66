import type { Language } from '#catalog'

/** Korean when any syllable is Hangul; English when there are only Latin words; else what the interface speaks. */
export function detectLanguage(text: string, fallback: Language): Language {
  if (/[가-힣]/.test(text)) return 'ko'
  return /[a-z]{2}/i.test(text) ? 'en' : fallback
}
