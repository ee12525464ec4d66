import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import type { AdminMessages } from '../admin/words/ko.ts'
import type { SubscriptionMessages } from '../subscriptions/words/ko.ts'
import { en } from './en.ts'
import { ko } from './ko.ts'

/** A language of the interface. */
export type UiLanguage = 'ko' | 'en'

/** Words that come with the pages that show them, by namespace. */
type LaterWords = { admin: AdminMessages; subscriptions: SubscriptionMessages }

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: typeof ko } & LaterWords
  }
}

const storageKey = 'language'

/** The person's choice, else the browser's language; Korean only where the browser says so. */
function firstLanguage(): UiLanguage {
  const kept = localStorage.getItem(storageKey)
  if (kept === 'ko' || kept === 'en') return kept
  return navigator.language.startsWith('ko') ? 'ko' : 'en'
}

/** The language the interface is in now. */
export function currentLanguage(): UiLanguage {
  return i18next.language === 'en' ? 'en' : 'ko'
}

/** Switches the interface and remembers it on this device. */
export async function chooseLanguage(language: UiLanguage): Promise<void> {
  localStorage.setItem(storageKey, language)
  await i18next.changeLanguage(language)
}

/** Takes the person's language from their account, unless they chose one on this device. */
export async function offerLanguage(language: UiLanguage | undefined): Promise<void> {
  if (language && localStorage.getItem(storageKey) === null) await i18next.changeLanguage(language)
}

/** Adds the words of pages that few open, when they are opened. */
export function addWords<N extends keyof LaterWords>(namespace: N, words: Record<UiLanguage, LaterWords[N]>): void {
  for (const [language, tree] of Object.entries(words)) i18next.addResourceBundle(language, namespace, tree)
}

/** Loads both languages; they are small and in the bundle, so this settles at once. */
export async function startI18n(): Promise<void> {
  i18next.on('languageChanged', (language) => {
    document.documentElement.lang = language
    document.title = i18next.t('product')
  })
  await i18next.use(initReactI18next).init({
    resources: { ko: { translation: ko }, en: { translation: en } },
    lng: firstLanguage(),
    fallbackLng: 'ko',
    interpolation: { escapeValue: false },
  })
}
