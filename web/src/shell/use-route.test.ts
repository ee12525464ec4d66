import { expect, test } from 'vitest'
import { readRoute } from './use-route.ts'

test('only a conversation id after /c/ names a conversation', () => {
  const id = '6f1f6a8e-0000-4000-8000-000000000001'
  expect(readRoute(`/c/${id}`)).toEqual({ conversationId: id })
  expect(readRoute(`/c/${id}/`)).toEqual({ conversationId: id })
  for (const path of ['/', '/c/', '/c/../api', `/c/${id}/x`, '/c/not-an-id']) {
    expect(readRoute(path)).toEqual({ conversationId: null })
  }
})
