import { Drawer } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { Copy, Download, Ellipsis, FileSpreadsheet } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Turn } from '../../../src/chat/api.ts'
import type { ChatRequests, ExportFormat } from '../api/chat-requests.ts'
import { IconButton } from '../shell/icon-button.tsx'
import { phoneQuery } from '../shell/phone-query.ts'
import classes from './answer-footer.module.css'
import { answerAsText } from './table-text.ts'
import { useCopy } from './use-copy.ts'

type Props = { turn: Turn; conversationId: string | null; requests: ChatRequests; isCard: boolean }

/** Where the answer is from and how old it is, and what can be taken away from it. */
export function AnswerFooter({ turn, conversationId, requests, isCard }: Props) {
  const { t } = useTranslation()
  const { answer } = turn
  const { phase, copy } = useCopy()
  const [exporting, setExporting] = useState<'idle' | 'busy' | 'failed'>('idle')
  const [sheetOpen, setSheetOpen] = useState(false)
  const isPhone = useMediaQuery(phoneQuery, undefined, { getInitialValueInEffect: false })

  async function download(format: ExportFormat): Promise<void> {
    if (conversationId === null) return
    setExporting('busy')
    try {
      await requests.download(conversationId, turn.turnId, format)
      setExporting('idle')
    } catch {
      setExporting('failed')
    }
  }

  const canExport = conversationId !== null && (answer.table?.rows.length ?? 0) > 0
  const copyLabel =
    phase === 'copied' ? t('answer.copied') : phase === 'failed' ? t('answer.copyFailed') : t('answer.copy')
  const actions = (
    <>
      <button type="button" className={classes.action} onClick={() => void copy(answerAsText(answer))}>
        <Copy size={14} aria-hidden />
        {copyLabel}
      </button>
      {canExport &&
        (['csv', 'xlsx'] as const).map((format) => (
          <button
            key={format}
            type="button"
            className={classes.action}
            disabled={exporting === 'busy'}
            onClick={() => void download(format)}
          >
            {format === 'csv' ? <Download size={14} aria-hidden /> : <FileSpreadsheet size={14} aria-hidden />}
            {t(`answer.${format}`)}
          </button>
        ))}
    </>
  )
  return (
    <footer className={isCard ? classes.footer : classes.plain}>
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
      {isCard && !isPhone && <div className={classes.actions}>{actions}</div>}
      {isCard && isPhone && (
        <IconButton icon={Ellipsis} label={t('answer.actions')} onClick={() => setSheetOpen(true)} />
      )}
      <Drawer
        opened={isPhone === true && sheetOpen}
        onClose={() => setSheetOpen(false)}
        position="bottom"
        size="auto"
        title={t('answer.actions')}
        closeButtonProps={{ 'aria-label': t('close') }}
        lockScroll={false}
      >
        <div className={classes.sheet}>{actions}</div>
      </Drawer>
    </footer>
  )
}
