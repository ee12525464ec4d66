import {
  Activity,
  ArrowLeft,
  BellRing,
  BrainCircuit,
  ChartNoAxesColumn,
  FileClock,
  Gauge,
  KeyRound,
  type LucideIcon,
  Mail,
  MailX,
  MessageSquareWarning,
  Network,
  Shield,
  Users,
} from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from '../parts/link.tsx'
import { BrandMark } from '../shell/brand-mark.tsx'
import classes from './admin-nav.module.css'
import { type AdminPageName, adminPath, menuPlaceOf } from './admin-route.ts'

const icons: Partial<Record<AdminPageName, LucideIcon>> = {
  overview: Gauge,
  status: Activity,
  review: MessageSquareWarning,
  training: BrainCircuit,
  people: Users,
  roles: Shield,
  'api-keys': KeyRound,
  networks: Network,
  notify: ChartNoAxesColumn,
  mail: Mail,
  push: BellRing,
  'dead-letters': MailX,
  audit: FileClock,
}

type Props = { pages: AdminPageName[]; current: AdminPageName | null; onGo: () => void }

/** The pages one may see, and the way back to the chat. */
export function AdminNav({ pages, current, onGo }: Props) {
  const { t } = useTranslation('admin')
  const { t: word } = useTranslation()
  return (
    <nav className={classes.nav} aria-label={t('menu')}>
      <p className={classes.brand}>
        <BrandMark />
        {t('title')}
      </p>
      <ul className={classes.pages}>
        {pages.map((page) => {
          const Icon = icons[page]
          if (!Icon) return null
          return (
            <li key={page}>
              <Link
                to={adminPath(page)}
                className={classes.link ?? ''}
                aria-current={current && page === menuPlaceOf(current) ? 'page' : undefined}
                onClick={onGo}
              >
                <Icon size={16} strokeWidth={1.75} aria-hidden />
                {t(`pages.${page}`)}
              </Link>
            </li>
          )
        })}
      </ul>
      <Link to="/" className={classes.link ?? ''}>
        <ArrowLeft size={16} strokeWidth={1.75} aria-hidden />
        {word('toChat')}
      </Link>
    </nav>
  )
}
