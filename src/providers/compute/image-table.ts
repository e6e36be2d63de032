/**
 * Images that machines can be described with: those that clients know by an alias. Whatever a
 * machine's image says, its sandbox runs on the system of this computer.
 */
export interface Image {
  /** As `az vm create --image` knows it; those that are only named in full have none. */
  readonly alias?: string
  readonly system: 'Linux' | 'Windows'
  readonly publisher: string
  readonly offer: string
  readonly sku: string
  readonly generation: 'V1' | 'V2'
  /** Oldest first. */
  readonly versions: readonly string[]
}

const CANONICAL = 'Canonical'
const WINDOWS = 'MicrosoftWindowsServer'

export const IMAGES: readonly Image[] = [
  linux('Ubuntu2204', CANONICAL, '0001-com-ubuntu-server-jammy', '22_04-lts-gen2', 'V2', [
    '22.04.202409120',
    '22.04.202511100',
  ]),
  linux('Ubuntu2404', CANONICAL, 'ubuntu-24_04-lts', 'server', 'V2', [
    '24.04.202409120',
    '24.04.202511100',
  ]),
  linux('UbuntuLTS', CANONICAL, 'UbuntuServer', '18.04-LTS', 'V1', ['18.04.202401161']),
  linux('Debian11', 'Debian', 'debian-11', '11-backports-gen2', 'V2', ['0.20251020.2268']),
  linux('Debian12', 'Debian', 'debian-12', '12-gen2', 'V2', ['0.20251020.2268']),
  linux('CentOS85Gen2', 'OpenLogic', 'CentOS', '8_5-gen2', 'V2', ['8.5.2022101401']),
  linux('RHELRaw8LVMGen2', 'RedHat', 'RHEL', '8-lvm-gen2', 'V2', ['8.10.2025031114']),
  linux('OpenSuseLeap154Gen2', 'SUSE', 'openSUSE-leap-15-4', 'gen2', 'V2', ['2022.11.04']),
  linux('SuseSles15SP5', 'SUSE', 'sles-15-sp5', 'gen2', 'V2', ['2025.01.21']),
  linux('FlatcarLinuxFreeGen2', 'kinvolk', 'flatcar-container-linux-free', 'stable-gen2', 'V2', [
    '4152.2.3',
  ]),
  windows('Win2025Datacenter', '2025-datacenter-g2', 'V2', '26100.7171.251106'),
  windows(
    'Win2025AzureEditionDatacenter',
    '2025-datacenter-azure-edition',
    'V2',
    '26100.7171.251106',
  ),
  windows('Win2022Datacenter', '2022-datacenter-g2', 'V2', '20348.4405.251105'),
  windows('Win2022AzureEdition', '2022-datacenter-azure-edition', 'V2', '20348.4405.251105'),
  windows(
    'Win2022AzureEditionCore',
    '2022-datacenter-azure-edition-core',
    'V2',
    '20348.4405.251105',
  ),
  windows('Win2019Datacenter', '2019-datacenter-gensecond', 'V2', '17763.8027.251105'),
  windows('Win2016Datacenter', '2016-datacenter-gensecond', 'V2', '14393.8594.251105'),
  windows('Win2012R2Datacenter', '2012-r2-datacenter-gensecond', 'V2', '9600.21620.231004'),
  windows('Win2012Datacenter', '2012-datacenter-gensecond', 'V2', '9200.24518.231004'),
  // What guides and the documents of other tools name in full.
  linux(undefined, CANONICAL, '0001-com-ubuntu-server-jammy', '22_04-lts', 'V1', [
    '22.04.202409120',
    '22.04.202511100',
  ]),
  linux(undefined, CANONICAL, '0001-com-ubuntu-server-focal', '20_04-lts', 'V1', [
    '20.04.202505200',
  ]),
  linux(undefined, CANONICAL, '0001-com-ubuntu-server-focal', '20_04-lts-gen2', 'V2', [
    '20.04.202505200',
  ]),
  linux(undefined, CANONICAL, 'ubuntu-24_04-lts', 'server-gen1', 'V1', ['24.04.202511100']),
  linux(undefined, CANONICAL, 'UbuntuServer', '16.04-LTS', 'V1', ['16.04.202109280']),
  linux(undefined, 'Debian', 'debian-11', '11-gen2', 'V2', ['0.20251020.2268']),
  linux(undefined, 'Debian', 'debian-12', '12', 'V1', ['0.20251020.2268']),
  linux(undefined, 'RedHat', 'RHEL', '9-lvm-gen2', 'V2', ['9.6.2025091810']),
  windows(undefined, '2022-Datacenter', 'V1', '20348.4405.251105'),
  windows(undefined, '2019-Datacenter', 'V1', '17763.8027.251105'),
  windows(undefined, '2016-Datacenter', 'V1', '14393.8594.251105'),
]

function linux(
  alias: string | undefined,
  publisher: string,
  offer: string,
  sku: string,
  generation: Image['generation'],
  versions: readonly string[],
): Image {
  return { ...(alias && { alias }), system: 'Linux', publisher, offer, sku, generation, versions }
}

function windows(
  alias: string | undefined,
  sku: string,
  generation: Image['generation'],
  version: string,
): Image {
  const of = { publisher: WINDOWS, offer: 'WindowsServer', versions: [version] }
  return { ...(alias && { alias }), system: 'Windows', ...of, sku, generation }
}

/** The document in which clients look aliases up. */
export function aliasDocument(): object {
  const aliases = (system: Image['system']) =>
    Object.fromEntries(
      IMAGES.filter((image) => image.system === system && image.alias !== undefined).map(
        ({ alias, publisher, offer, sku }) => [
          alias,
          { publisher, offer, sku, version: 'latest', architecture: 'x64' },
        ],
      ),
    )
  return {
    $schema: 'http://schema.management.azure.com/schemas/2015-01-01/deploymentTemplate.json',
    contentVersion: '1.0.0.0',
    parameters: {},
    variables: {},
    resources: [],
    outputs: {
      aliases: {
        type: 'object',
        value: { Linux: aliases('Linux'), Windows: aliases('Windows') },
      },
    },
  }
}
