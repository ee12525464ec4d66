import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { NameStore } from './name-store.ts'
import type { NameEntry } from './understanding.ts'

type Opened = { store: NameStore; close: () => Promise<void> }

/** What every name store must do. `open` gives an empty one. */
export function describeNameStore(name: string, open: () => Promise<Opened>): void {
  describe(`${name} as a name store`, () => {
    let store: NameStore
    let close: () => Promise<void>
    const customers = (...names: string[]): NameEntry[] => names.map((one) => ({ domain: 'customer', name: one }))

    beforeEach(async () => {
      ;({ store, close } = await open())
    })
    afterEach(async () => await close())

    test('is empty at first, with a revision', async () => {
      const { revision, entries } = await store.read()
      expect(entries).toEqual([])
      expect(await store.readRevision()).toBe(revision)
    })

    test('keeps the names of each domain apart, codes with them', async () => {
      const items = [
        { domain: 'item', name: '볼베어링 6204', code: 'A-100' },
        { domain: 'item', name: '볼베어링 6204', code: 'A-101' },
        { domain: 'item', name: '볼베어링 6205' },
      ]
      expect(await store.replace('customer', customers('한빛상사', '가온테크'))).toBe(true)
      expect(await store.replace('item', items)).toBe(true)
      expect((await store.read()).entries).toEqual([...customers('가온테크', '한빛상사'), ...items])
      await store.replace('customer', customers('새론'))
      expect((await store.read()).entries).toEqual([...customers('새론'), ...items])
    })

    test('keeps the facts of a name, and takes other facts for a change', async () => {
      const employee = (title: string): NameEntry => ({ domain: 'employee', name: '김민수', facts: { title } })
      expect(await store.replace('employee', [employee('대리'), employee('과장')])).toBe(true)
      expect((await store.read()).entries).toEqual([employee('대리')])
      expect(await store.replace('employee', [employee('대리')])).toBe(false)
      expect(await store.replace('employee', [employee('과장')])).toBe(true)
      expect((await store.read()).entries).toEqual([employee('과장')])
    })

    test('has a new revision for new names, and the old one for the same', async () => {
      await store.replace('customer', customers('a', 'b'))
      const before = await store.readRevision()
      expect(await store.replace('customer', customers('b', 'a', 'b'))).toBe(false)
      expect(await store.readRevision()).toBe(before)
      expect(await store.replace('customer', customers('a', 'c'))).toBe(true)
      expect(await store.readRevision()).not.toBe(before)
      expect((await store.read()).revision).toBe(await store.readRevision())
    })

    test('holds more names than one statement takes, whatever is in them', async () => {
      const odd = ["O'Brien", '"quoted"', 'back\\slash', '줄\n바꿈', '$1; drop table names']
      const names = [...odd, ...Array.from({ length: 25_000 }, (_, i) => `customer ${i}`)]
      await store.replace('customer', customers(...names))
      const entries = (await store.read()).entries
      expect(entries).toHaveLength(names.length)
      expect(new Set(entries.map((entry) => entry.name))).toEqual(new Set(names))
    })

    test('shows the old names or the new ones, under their own revision, never a mix', async () => {
      const sets = [customers('a1', 'a2', 'a3'), customers('b1', 'b2', 'b3')]
      await store.replace('customer', sets[0] ?? [])
      const byRevision = new Map<string, NameEntry[]>()
      let isWriting = true
      const writes = (async () => {
        for (let i = 1; i <= 60; i += 1) await store.replace('customer', sets[i % 2] ?? [])
        isWriting = false
      })()
      const readOften = async () => {
        while (isWriting) {
          const { revision, entries } = await store.read()
          expect(byRevision.get(revision) ?? entries).toEqual(entries)
          byRevision.set(revision, entries)
        }
      }
      await Promise.all([writes, readOften(), readOften(), readOften()])
      for (const entries of byRevision.values()) expect(sets).toContainEqual(entries)
    })

    test('takes writers at the same time one after the other', async () => {
      const sets = Array.from({ length: 6 }, (_, i) => customers(`n${i}`))
      await Promise.all(sets.map((entries) => store.replace('customer', entries)))
      expect(sets).toContainEqual((await store.read()).entries)
    })

    test('adds and takes away single names', async () => {
      await store.replace('customer', customers('a', 'b'))
      const before = await store.readRevision()
      const item: NameEntry = { domain: 'item', name: '볼베어링', code: 'A-1' }
      expect(await store.change([...customers('c', 'c', 'b'), item], customers('a', 'nobody'))).toBe(true)
      expect((await store.read()).entries).toEqual([...customers('b', 'c'), item])
      expect(await store.readRevision()).not.toBe(before)
      const after = await store.readRevision()
      expect(await store.change([...customers('b'), item], [{ domain: 'item', name: '볼베어링' }])).toBe(false)
      expect(await store.readRevision()).toBe(after)
      const known: NameEntry = { domain: 'employee', name: '김민수', facts: { title: '대리' } }
      await store.change([known], [])
      expect(await store.change([{ ...known, facts: { title: '과장' } }], [])).toBe(true)
      expect((await store.read()).entries.find(({ domain }) => domain === 'employee')?.facts).toEqual({ title: '과장' })
    })

    test('refuses an entry of another domain', async () => {
      await expect(store.replace('item', customers('a'))).rejects.toThrow('another domain')
      expect((await store.read()).entries).toEqual([])
    })
  })
}
