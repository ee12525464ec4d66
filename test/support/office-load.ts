import { randomBytes, randomUUID } from 'node:crypto'
import type { Person, TestOffice } from './office.ts'

const questions = [
  '이번 달 매출 얼마야?',
  '이번 달 매출 상위 5개 거래처',
  '지난달 발주 몇 건이야?',
  'sales this month by customer',
  '안녕',
  '오늘 점심 뭐 먹지?',
  '한빛 매출',
  '재고 지워 줘',
]

/**
 * One round of what a day brings: questions of every kind, and calls that are wrong in every way, with names that are new each time.
 * Resolves when all have been answered.
 */
export async function loadOffice(office: TestOffice, person: Person): Promise<void> {
  for (const question of questions) await person.ask(question)
  const unknown = randomUUID()
  const calls: [path: string, init?: RequestInit][] = [
    [`/api/v1/conversations/${unknown}`],
    [`/api/v1/conversations/${unknown}/turns/${randomUUID()}/export?format=csv`],
    [`/api/v1/${randomBytes(8).toString('hex')}`],
    [`/${randomBytes(8).toString('hex')}/wp-admin.php`],
    ['/api/v1/chat/messages', { method: 'POST', body: '{' }],
    ['/api/v1/chat/messages', { method: 'PROPFIND' }],
    ['/api/v1/chat/messages', { method: 'POST', body: JSON.stringify({ text: `${unknown} 매출` }) }],
    ['/api/v1/conversations', { headers: { authorization: `Bearer ${randomBytes(20).toString('hex')}` } }],
    [`/auth/callback?code=${unknown}&state=${randomBytes(32).toString('base64url')}`, { redirect: 'manual' }],
  ]
  for (const [path, { headers, ...init } = {}] of calls) {
    const all = { authorization: `Bearer ${person.token}`, 'content-type': 'application/json', ...headers }
    const reply = await fetch(new URL(path, office.url), { ...init, headers: all })
    await reply.arrayBuffer()
  }
}
