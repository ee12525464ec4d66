import { Drawer } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { Bell, CalendarClock, Copy, Download, Ellipsis, FileSpreadsheet } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Turn } from '../../../src/chat/api.ts'
import { type ChatRequests, exportPath } from '../api/chat-requests.ts'
import { IconButton } from '../parts/icon-button.tsx'
import { useCopy } from '../parts/use-copy.ts'
import { phoneQuery } from '../shell/phone-query.ts'
import classes from './answer-footer.module.css'
import { answerAsText } from './table-text.ts'
import { useExport } from './use-export.ts'

/** Few answers are sent again: the dialog comes when somebody asks for it. */
const SubscribeDialog = lazy(async () => ({
  default: (await import('../subscriptions/subscribe-dialog.tsx')).SubscribeDialog,
}))

/** A single number can be watched. */
const canWatch = ({ query }: Turn['answer']): boolean =>
  query !== undefined && query.measures.length === 1 && !query.groupBy?.length

type Props = { turn: Turn; conversationId: string | null; requests: ChatRequests }

/** Where the answer is from and how old it is, and what can be taken away from it. */
export function AnswerFooter({ turn, conversationId, requests }: Props) {
  const { t } = useTranslation()
  const { answer } = turn
  const { phase, copy } = useCopy()
  const { phase: exporting, download } = useExport(requests)
  const [sheetOpen, setSheetOpen] = useState(false)
  const [wanted, setWanted] = useState<'report' | 'alert' | null>(null)
  const [arranged, setArranged] = useState<'report' | 'alert' | null>(null)
  const isPhone = useMediaQuery(phoneQuery, undefined, { getInitialValueInEffect: false })
  const hasRows = (answer.table?.rows.length ?? 0) > 0
  const copyLabels = { idle: t('copy'), copied: t('copied'), failed: t('copyFailed') }
  const actions = (
    <>
      <button type="button" className={classes.action} onClick={() => void copy(answerAsText(answer))}>
        <Copy size={14} aria-hidden />
        {copyLabels[phase]}
      </button>
      {answer.query && (
        <button type="button" className={classes.action} onClick={() => setWanted('report')}>
          <CalendarClock size={14} aria-hidden />
          {arranged === 'report' ? t('answer.arranged') : t('answer.subscribe')}
        </button>
      )}
      {canWatch(answer) && (
        <button type="button" className={classes.action} onClick={() => setWanted('alert')}>
          <Bell size={14} aria-hidden />
          {arranged === 'alert' ? t('answer.arranged') : t('answer.alert')}
        </button>
      )}
      {conversationId !== null &&
        hasRows &&
        (['csv', 'xlsx'] as const).map((format) => (
          <button
            key={format}
            type="button"
            className={classes.action}
            disabled={exporting === 'busy'}
            onClick={() => void download(exportPath(conversationId, turn.turnId, format), format)}
          >
            {format === 'csv' ? <Download size={14} aria-hidden /> : <FileSpreadsheet size={14} aria-hidden />}
            {t(`answer.${format}`)}
          </button>
        ))}
    </>
  )
  return (
    <footer className={classes.footer}>
      {answer.sourceText && (
        <p className={classes.source} data-source={answer.source}>
          {answer.sourceText}
        </p>
      )}
      {exporting === 'failed' && (
        <p className={classes.failed} role="alert">
          {t('answer.exportFailed')}
        </p>
      )}
      {!isPhone && <div className={classes.actions}>{actions}</div>}
      {isPhone && <IconButton icon={Ellipsis} label={t('answer.actions')} onClick={() => setSheetOpen(true)} />}
      <Drawer
        opened={isPhone === true && sheetOpen}
        onClose={() => setSheetOpen(false)}
        position="bottom"
        classNames={{ content: 'bottom-sheet' }}
        title={t('answer.actions')}
        closeButtonProps={{ 'aria-label': t('close') }}
        lockScroll={false}
      >
        <div className={classes.sheet}>{actions}</div>
      </Drawer>
      {wanted && (
        <Suspense fallback={null}>
          <SubscribeDialog
            kind={wanted}
            turn={turn}
            requests={requests}
            onDone={() => setArranged(wanted)}
            onClose={() => setWanted(null)}
          />
        </Suspense>
      )}
    </footer>
  )
}
