import type { Browser, BrowserContext } from 'playwright-core'

export type Language = 'ko' | 'en'
export type Look = { language: Language; theme: 'light' | 'dark'; device: 'laptop' | 'phone' }

const sizes = { laptop: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } }

/** Every way a page can look. */
export const looks: Look[] = (['ko', 'en'] as const).flatMap((language) =>
  (['light', 'dark'] as const).flatMap((theme) =>
    (['laptop', 'phone'] as const).map((device) => ({ language, theme, device })),
  ),
)

/** What a look is called in file names. */
export function lookName({ language, theme, device }: Look): string {
  return `${language}-${theme}-${device}`
}

/** A browser profile of that look, signed in with `cookies`. */
export async function openLook(browser: Browser, look: Look, cookies: Cookies): Promise<BrowserContext> {
  const isPhone = look.device === 'phone'
  const context = await browser.newContext({
    viewport: sizes[look.device],
    colorScheme: look.theme,
    locale: look.language === 'ko' ? 'ko-KR' : 'en-US',
    timezoneId: 'Asia/Seoul',
    hasTouch: isPhone,
    isMobile: isPhone,
    reducedMotion: 'reduce',
  })
  await context.addCookies(cookies)
  return context
}

export type Cookies = Awaited<ReturnType<BrowserContext['cookies']>>
