import '@fontsource/pretendard/400.css'
import '@fontsource/pretendard/600.css'
import './theme/mantine.css'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import { startI18n } from './i18n/i18n.ts'

await startI18n()
const root = document.getElementById('root')
if (root) createRoot(root).render(<App />)
