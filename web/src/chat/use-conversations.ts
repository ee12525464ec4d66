import { useCallback, useEffect, useState } from 'react'
import type { ConversationSummary } from '../../../src/chat/api.ts'
import type { ChatRequests } from '../api/chat-requests.ts'

export type ConversationList = {
  status: 'loading' | 'ready' | 'failed'
  conversations: ConversationSummary[]
  refresh: () => void
  /** Fetches older ones; absent when there are none. */
  more: (() => void) | undefined
  /** Rejects when the server refused; the list is as it was. */
  remove: (conversationId: string) => Promise<void>
}

/** The person's conversations, latest first. A failed refresh keeps the list that is on screen. */
export function useConversations(requests: ChatRequests): ConversationList {
  const [status, setStatus] = useState<ConversationList['status']>('loading')
  const [conversations, setConversations] = useState<ConversationSummary[]>([])
  const [next, setNext] = useState<string | undefined>(undefined)

  const refresh = useCallback(() => {
    requests
      .listConversations()
      .then((page) => {
        setConversations(page.conversations)
        setNext(page.next)
        setStatus('ready')
      })
      .catch(() => setStatus((now) => (now === 'ready' ? now : 'failed')))
  }, [requests])
  useEffect(refresh, [refresh])

  function more(): void {
    if (next === undefined) return
    requests
      .listConversations(next)
      .then((page) => {
        setConversations((list) => withoutDoubles([...list, ...page.conversations]))
        setNext(page.next)
      })
      // The button stays, to press again.
      .catch(() => undefined)
  }

  const remove = useCallback(
    async (conversationId: string) => {
      await requests.deleteConversation(conversationId)
      setConversations((list) => list.filter((conversation) => conversation.conversationId !== conversationId))
    },
    [requests],
  )
  return { status, conversations, refresh, more: next === undefined ? undefined : more, remove }
}

function withoutDoubles(list: ConversationSummary[]): ConversationSummary[] {
  return [...new Map(list.map((conversation) => [conversation.conversationId, conversation])).values()]
}
