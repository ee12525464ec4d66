import type { Transaction } from 'kysely'
import type { AuditEntry, AuditLog } from '#audit'
import type { Database } from '#platform/database'
import { AppError } from '#platform/errors'
import { pushErrors } from '../errors.ts'
import type { FindPeople } from '../push-target.ts'
import type { DeviceStore, NewDevice, TopicMembers } from './device-store.ts'

export type DeviceDeps = {
  database: Database
  devices: DeviceStore
  findPeople: FindPeople
  audit: Pick<AuditLog, 'recordWith'>
}

/** Who asks, and from where. */
export type Caller = { userId: string; ip: string }

/** A topic is named by people, after one of them perhaps. */
type Act = Pick<AuditEntry, 'action' | 'details' | 'personal'>

const mostDevices = 20
const mostTopicsOfDevice = 100

/** Registers a device of the caller's. Throws AppError PUSH_DEVICE_LIMIT. */
export async function registerOwnDevice(
  { database, devices, audit }: DeviceDeps,
  wish: NewDevice,
  caller: Caller,
): Promise<{ device: string; isNew: boolean }> {
  return await database.kysely.transaction().execute(async (transaction) => {
    const found = await devices.register(caller.userId, wish, mostDevices, transaction)
    if (found === 'full') throw new AppError(pushErrors.tooManyDevices, { params: { limit: mostDevices } })
    const { device, isNew, replaced } = found
    const details = { device, platform: wish.platform, ...(replaced !== undefined && { replaced }) }
    // Seen again it is at each start of an app: that is no act.
    if (isNew) await audit.recordWith(transaction, entryOf({ action: 'push-device.register', details }, caller))
    return { device, isNew }
  })
}

/** Removes a device of the caller's; nothing goes there from then on. Throws AppError PUSH_DEVICE_UNKNOWN. */
export async function removeOwnDevice(deps: DeviceDeps, device: string, caller: Caller): Promise<void> {
  await changeOwn(deps, { action: 'push-device.remove', details: { device } }, caller, (transaction) =>
    deps.devices.remove(caller.userId, device, transaction),
  )
}

/** Throws AppError PUSH_DEVICE_UNKNOWN, PUSH_TOPIC_LIMIT. */
export async function subscribeOwnDevice(
  deps: DeviceDeps,
  { device, topic }: { device: string; topic: string },
  caller: Caller,
): Promise<void> {
  const act = { action: 'push-topic.subscribe', details: { device }, personal: { topic } }
  await changeOwn(deps, act, caller, async (transaction) => {
    const owned = { userId: caller.userId, device }
    const found = await deps.devices.subscribe(owned, topic, mostTopicsOfDevice, transaction)
    if (found === 'full') throw new AppError(pushErrors.tooManyTopics, { params: { limit: mostTopicsOfDevice } })
    return found === 'subscribed'
  })
}

/** Throws AppError PUSH_DEVICE_UNKNOWN. */
export async function unsubscribeOwnDevice(
  deps: DeviceDeps,
  { device, topic }: { device: string; topic: string },
  caller: Caller,
): Promise<void> {
  const act = { action: 'push-topic.unsubscribe', details: { device }, personal: { topic } }
  await changeOwn(deps, act, caller, (transaction) =>
    deps.devices.unsubscribe({ userId: caller.userId, device }, topic, transaction),
  )
}

/** Subscribes the devices of others, or ends that. Answers how many devices it changed. */
export async function changeTopicMembers(
  { database, devices, findPeople, audit }: DeviceDeps,
  { change, topic, members }: { change: 'subscribe' | 'unsubscribe'; topic: string; members: TopicMembers },
  caller: Caller,
): Promise<number> {
  const { devices: named, ...people } = members
  const filter = { people: await findPeople(people), devices: named }
  return await database.kysely.transaction().execute(async (transaction) => {
    const changed =
      change === 'subscribe'
        ? await devices.subscribeAll(topic, filter, mostTopicsOfDevice, transaction)
        : await devices.unsubscribeAll(topic, filter, transaction)
    const act = { action: `push-topic.${change}`, details: { devices: changed }, personal: { topic } }
    await audit.recordWith(transaction, entryOf(act, caller))
    return changed
  })
}

async function changeOwn(
  { database, audit }: DeviceDeps,
  act: Act,
  caller: Caller,
  change: (transaction: Transaction<unknown>) => Promise<boolean>,
): Promise<void> {
  await database.kysely.transaction().execute(async (transaction) => {
    // Somebody else's device looks the same as none.
    if (!(await change(transaction))) throw new AppError(pushErrors.deviceUnknown)
    await audit.recordWith(transaction, entryOf(act, caller))
  })
}

function entryOf(act: Act, { userId, ip }: Caller): AuditEntry {
  return { actorId: userId, outcome: 'ok', ip, ...act }
}
