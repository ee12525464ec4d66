import { Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ConversationSummary } from '../../../src/chat/api.ts'
import { ActDialog } from '../parts/act-dialog.tsx'
import { BrandMark } from '../shell/brand-mark.tsx'
import { groupByAge } from './conversation-groups.ts'
import classes from './conversation-list.module.css'
import { ConversationRow } from './conversation-row.tsx'
import type { ConversationList as List } from './use-conversations.ts'

type Props = {
  list: List
  currentId: string | null
  onNew: () => void
  onOpen: (conversationId: string) => void
  onDeleted: (conversationId: string) => void
}

/** All conversations by age, a way to start another and to delete one. */
export function ConversationList({ list, currentId, onNew, onOpen, onDeleted }: Props) {
  const { t } = useTranslation()
  const [doomed, setDoomed] = useState<ConversationSummary | null>(null)
  return (
    <nav className={classes.list} aria-label={t('list.label')}>
      <div className={classes.head}>
        <span className={classes.brand}>
          <BrandMark />
          {t('product')}
        </span>
        <button type="button" className={classes.new} onClick={onNew}>
          <Plus size={16} aria-hidden />
          {t('list.new')}
        </button>
      </div>
      <div className={classes.scroll}>
        {list.status === 'loading' && <ListSkeleton />}
        {list.status === 'failed' && (
          <div className={classes.note}>
            <p>{t('list.failed')}</p>
            <button type="button" className={classes.retry} onClick={list.refresh}>
              {t('retry')}
            </button>
          </div>
        )}
        {list.status === 'ready' && list.conversations.length === 0 && (
          <p className={classes.note}>{t('list.empty')}</p>
        )}
        {groupByAge(list.conversations, new Date()).map((group) => (
          <section key={group.age} className={classes.group}>
            <h2 className={classes.age}>{t(`list.${group.age}`)}</h2>
            <ul>
              {group.conversations.map((conversation) => (
                <ConversationRow
                  key={conversation.conversationId}
                  conversation={conversation}
                  current={conversation.conversationId === currentId}
                  onOpen={() => onOpen(conversation.conversationId)}
                  onDelete={() => setDoomed(conversation)}
                />
              ))}
            </ul>
          </section>
        ))}
        {list.more && (
          <button type="button" className={classes.more} onClick={list.more}>
            {t('more')}
          </button>
        )}
      </div>
      {doomed && (
        <ActDialog
          title={t('list.deleteTitle')}
          text={t('list.deleteText', { title: doomed.title })}
          action={t('list.delete')}
          isDangerous
          act={async () => {
            await list.remove(doomed.conversationId)
            onDeleted(doomed.conversationId)
          }}
          onClose={() => setDoomed(null)}
        />
      )}
    </nav>
  )
}

function ListSkeleton() {
  return (
    <div className={classes.skeleton} aria-busy="true">
      {[80, 64, 88, 56].map((width) => (
        <div key={width} className="skeleton" style={{ width: `${width}%` }} />
      ))}
    </div>
  )
}
