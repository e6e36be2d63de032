import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { TENANT } from '../../base/resource-id.ts'
import type { Call } from '../../core/call.ts'
import type { DerivedType, Query } from '../provider.ts'
import { functionAppStacks, webAppStacks } from './stacks.ts'

// biome-ignore lint/suspicious/noExplicitAny: answers are read as clients read them
type Read = any

async function stacksOf(type: DerivedType, query: Query = {}): Promise<Read[]> {
  const answer = await type.list?.({} as Call, TENANT, query)
  return (answer as Read).body.value
}

function versions(stack: Read): Read[] {
  return stack.properties.majorVersions.flatMap((major: Read) => major.minorVersions)
}

describe('the stacks of web apps', () => {
  it('say for each runtime what a site is told, by operating system', async () => {
    const stacks = await stacksOf(webAppStacks)
    const node = stacks.find(({ name }) => name === 'node')
    const found = versions(node).find(({ value }) => value === '22-lts').stackSettings
    assert.equal(found.linuxRuntimeSettings.runtimeVersion, 'NODE|22-lts')
    assert.equal(found.windowsRuntimeSettings.runtimeVersion, '~22')
    assert.equal(found.linuxRuntimeSettings.endOfLifeDate, '2027-04-30T00:00:00Z')
    assert.equal(found.linuxRuntimeSettings.gitHubActionSettings.isSupported, true)
  })

  it('offer Java by the server it runs in', async () => {
    const stacks = await stacksOf(webAppStacks, { stackostype: 'Linux' })
    const java = stacks.find(({ name }) => name === 'javacontainers')
    const [se] = versions(java)
    const named = se.stackSettings.linuxContainerSettings.runtimes.map(
      ({ runtime }: Read) => runtime,
    )
    assert.equal(named[0], 'JAVA|21-java21')
    assert.equal(se.stackSettings.windowsContainerSettings, undefined)
  })

  it('are those of one operating system when that is asked for', async () => {
    const stacks = await stacksOf(webAppStacks, { stackostype: 'Windows' })
    const python = versions(stacks.find(({ name }) => name === 'python'))
    assert.ok(python.every(({ stackSettings }) => Object.keys(stackSettings).length === 0))
  })
})

describe('the stacks of function apps', () => {
  it('say the settings of a site, and what Flex Consumption gives it', async () => {
    const [python, ...others] = await stacksOf(functionAppStacks, { stack: 'python', sku: 'FC1' })
    assert.deepEqual(others, [])
    const { linuxRuntimeSettings: linux } = versions(python).find(
      ({ value }) => value === '3.12',
    ).stackSettings
    assert.deepEqual(linux.appSettingsDictionary, { FUNCTIONS_WORKER_RUNTIME: 'python' })
    assert.equal(linux.siteConfigPropertiesDictionary.linuxFxVersion, 'Python|3.12')
    assert.deepEqual(linux.supportedFunctionsExtensionVersions, ['~4'])
    assert.deepEqual(linux.Sku[0].functionAppConfigProperties.runtime, {
      name: 'python',
      version: '3.12',
    })
  })

  it('tell .NET in a process of its own from .NET inside the host', async () => {
    const [dotnet] = await stacksOf(functionAppStacks, { stack: 'dotnet' })
    const workers = versions(dotnet).map(
      ({ stackSettings }) =>
        stackSettings.linuxRuntimeSettings.appSettingsDictionary.FUNCTIONS_WORKER_RUNTIME,
    )
    assert.deepEqual([...new Set(workers)], ['dotnet-isolated', 'dotnet'])
  })
})
