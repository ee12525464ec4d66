// Runs before the first paint, as a file of its own because inline scripts are forbidden: no flash of the wrong theme or language.
;(() => {
  const root = document.documentElement
  let scheme = 'auto'
  let language = null
  try {
    scheme = localStorage.getItem('mantine-color-scheme-value') ?? 'auto'
    language = localStorage.getItem('language')
  } catch {
    // Storage is blocked: the system's theme and language stand.
  }
  const dark = scheme === 'dark' || (scheme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  root.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light')
  root.lang = language ?? (navigator.language.startsWith('ko') ? 'ko' : 'en')
})()
