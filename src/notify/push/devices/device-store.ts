import type { Transaction } from 'kysely'
import type { PushLanguage } from '../push-content.ts'
import type { PushTarget } from '../push-target.ts'

type Platform = 'android' | 'ios' | 'web'

/** An app, or a browser, in which a person has said yes to notifications. */
export type Device = {
  device: string
  platform: Platform
  name: string | null
  language: PushLanguage
  registeredAt: Date
  seenAt: Date
  topics: string[]
}

/** A device as those who run the service see it. */
export type ListedDevice = Device & { userId: string }

export type NewDevice = {
  token: string
  platform: Platform
  name?: string | undefined
  language: PushLanguage
}

/** `isNew` is false when the person had the device already. `replaced` is somebody else's device that had the token until now. */
export type Registered = { device: string; isNew: boolean; replaced: string | undefined }

/** Whose devices a change of topics is about. */
export type DeviceFilter = { people: string[]; devices: string[] }

export type DeviceStore = {
  /** Keeps a device, or that it was seen again; 'full' when the person has `most` already. */
  register(userId: string, device: NewDevice, most: number, within: Transaction<unknown>): Promise<Registered | 'full'>
  listOf(userId: string): Promise<Device[]>
  /** Everybody's, or those of `users`, the one seen last first. */
  list(filter: {
    users?: string[] | undefined
    limit: number
    after?: { at: Date; id: string } | undefined
  }): Promise<ListedDevice[]>
  /** Those that are registered, by their id. */
  find(devices: readonly string[]): Promise<Map<string, Pick<ListedDevice, 'userId' | 'platform' | 'name'>>>
  /** False when the person has no such device. */
  remove(userId: string, device: string, within: Transaction<unknown>): Promise<boolean>
  /** A device of the person's own; 'unknown' or 'full' (`most` topics) when it cannot be. */
  subscribe(
    owned: { userId: string; device: string },
    topic: string,
    most: number,
    within: Transaction<unknown>,
  ): Promise<'subscribed' | 'unknown' | 'full'>
  unsubscribe(owned: { userId: string; device: string }, topic: string, within: Transaction<unknown>): Promise<boolean>
  /** All devices of these people and these devices; those with `most` topics already are left out. Answers how many have changed. */
  subscribeAll(topic: string, filter: DeviceFilter, most: number, within: Transaction<unknown>): Promise<number>
  unsubscribeAll(topic: string, filter: DeviceFilter, within: Transaction<unknown>): Promise<number>
  listTopics(most: number): Promise<{ topic: string; devices: number }[]>
}

/** Those of a target that name devices of now, and no topic. */
export type TopicMembers = Pick<PushTarget, 'users' | 'roles' | 'departments' | 'devices'>
