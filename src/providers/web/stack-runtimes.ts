/**
 * The runtimes of App Service and Functions: a short list of those that clients offer to choose
 * from. The ends of support are those their makers have published.
 */

export interface WebRuntime {
  readonly stack: string
  readonly major: string
  readonly text: string
  readonly value: string
  /** What `linuxFxVersion` is for it. */
  readonly linux?: string
  /** The version that Windows is told. */
  readonly windows?: string
  readonly end?: string
}

export const WEB_STACKS: Readonly<Record<string, string>> = {
  dotnet: '.NET',
  node: 'Node',
  python: 'Python',
  php: 'PHP',
  java: 'Java',
  javacontainers: 'Java Containers',
}

export const WEB_RUNTIMES: readonly WebRuntime[] = [
  dotnet('10', '.NET 10 (LTS)', '2028-11-14'),
  dotnet('9', '.NET 9 (STS)', '2026-11-10'),
  dotnet('8', '.NET 8 (LTS)', '2026-11-10'),
  {
    stack: 'dotnet',
    major: 'ASP.NET V4',
    text: 'ASP.NET V4.8',
    value: 'aspdotnetv4.8',
    windows: 'v4.0',
  },
  node('24', '2028-04-30'),
  node('22', '2027-04-30'),
  node('20', '2026-04-30'),
  python('3.14', '2030-10-31'),
  python('3.13', '2029-10-31'),
  python('3.12', '2028-10-31'),
  python('3.11', '2027-10-31'),
  python('3.10', '2026-10-31'),
  php('8.4', '2028-12-31'),
  php('8.3', '2027-12-31'),
  php('8.2', '2026-12-31'),
  java('21', '2028-09-30'),
  java('17', '2027-09-30'),
  java('11', '2027-09-30'),
  java('8', '2030-11-30'),
]

/** Java as clients choose it: a server, and the Javas it runs on. */
export const JAVA_SERVERS: readonly { name: string; text: string; linux: string }[] = [
  { name: 'SE', text: 'Java SE (Embedded Web Server)', linux: 'JAVA' },
  { name: '11.0', text: 'Apache Tomcat 11.0', linux: 'TOMCAT' },
  { name: '10.1', text: 'Apache Tomcat 10.1', linux: 'TOMCAT' },
  { name: '9.0', text: 'Apache Tomcat 9.0', linux: 'TOMCAT' },
]
export const JAVAS = ['21', '17', '11', '8'] as const

export interface FunctionRuntime {
  /** The name of the stack it is listed under. */
  readonly stack: string
  /** `FUNCTIONS_WORKER_RUNTIME`. */
  readonly worker: string
  readonly text: string
  readonly version: string
  readonly linux?: string
  /** What a site on Windows is told: a setting, or a member of its configuration. */
  readonly windows?: { readonly setting?: string; readonly config?: Record<string, string> }
  readonly end?: string
  /** Whether plans of Flex Consumption run it. */
  readonly flex: boolean
  readonly isDefault?: true
}

export const FUNCTION_STACKS: Readonly<Record<string, string>> = {
  dotnet: '.NET',
  node: 'Node.js',
  python: 'Python',
  java: 'Java',
  powershell: 'PowerShell Core',
  custom: 'Custom Handler',
}

export const FUNCTION_RUNTIMES: readonly FunctionRuntime[] = [
  isolated('10.0', '.NET 10 Isolated', '2028-11-14'),
  isolated('9.0', '.NET 9 Isolated', '2026-11-10'),
  { ...isolated('8.0', '.NET 8 Isolated', '2026-11-10'), isDefault: true },
  {
    stack: 'dotnet',
    worker: 'dotnet',
    text: '.NET 8 In-process',
    version: '8',
    linux: 'DOTNET|8.0',
    windows: { config: { netFrameworkVersion: 'v8.0' } },
    end: '2026-11-10',
    flex: false,
  },
  nodeFunction('24', '2028-04-30'),
  { ...nodeFunction('22', '2027-04-30'), isDefault: true },
  nodeFunction('20', '2026-04-30'),
  pythonFunction('3.13', '2029-10-31'),
  { ...pythonFunction('3.12', '2028-10-31'), isDefault: true },
  pythonFunction('3.11', '2027-10-31'),
  pythonFunction('3.10', '2026-10-31'),
  { ...javaFunction('21', '2028-09-30'), isDefault: true },
  javaFunction('17', '2027-09-30'),
  javaFunction('11', '2027-09-30'),
  javaFunction('8', '2030-11-30'),
  {
    stack: 'powershell',
    worker: 'powershell',
    text: 'PowerShell 7.4',
    version: '7.4',
    linux: 'PowerShell|7.4',
    windows: { config: { powerShellVersion: '7.4' } },
    end: '2026-11-10',
    flex: true,
    isDefault: true,
  },
  {
    stack: 'custom',
    worker: 'custom',
    text: 'Custom Handler',
    version: 'custom',
    linux: '',
    windows: {},
    flex: false,
  },
]

function dotnet(major: string, text: string, end: string): WebRuntime {
  return {
    stack: 'dotnet',
    major: text,
    text,
    value: major,
    linux: `DOTNETCORE|${major}.0`,
    windows: `v${major}.0`,
    end,
  }
}

function node(major: string, end: string): WebRuntime {
  const text = `Node ${major} LTS`
  const linux = `NODE|${major}-lts`
  return {
    stack: 'node',
    major: text,
    text,
    value: `${major}-lts`,
    linux,
    windows: `~${major}`,
    end,
  }
}

function python(version: string, end: string): WebRuntime {
  const linux = `PYTHON|${version}`
  return {
    stack: 'python',
    major: 'Python 3',
    text: `Python ${version}`,
    value: version,
    linux,
    end,
  }
}

function php(version: string, end: string): WebRuntime {
  const linux = `PHP|${version}`
  return { stack: 'php', major: 'PHP 8', text: `PHP ${version}`, value: version, linux, end }
}

function java(version: string, end: string): WebRuntime {
  const text = `Java ${version}`
  const windows = version === '8' ? '1.8' : version
  return { stack: 'java', major: text, text, value: version, linux: '', windows, end }
}

function isolated(version: string, text: string, end: string): FunctionRuntime {
  return {
    stack: 'dotnet',
    worker: 'dotnet-isolated',
    text,
    version: `${Number(version)} (isolated)`,
    linux: `DOTNET-ISOLATED|${version}`,
    windows: { config: { netFrameworkVersion: `v${version}` } },
    end,
    flex: true,
  }
}

function nodeFunction(version: string, end: string): FunctionRuntime {
  return {
    stack: 'node',
    worker: 'node',
    text: `Node.js ${version}`,
    version,
    linux: `Node|${version}`,
    windows: { setting: `~${version}` },
    end,
    flex: true,
  }
}

function pythonFunction(version: string, end: string): FunctionRuntime {
  const linux = `Python|${version}`
  return {
    stack: 'python',
    worker: 'python',
    text: `Python ${version}`,
    version,
    linux,
    end,
    flex: true,
  }
}

function javaFunction(version: string, end: string): FunctionRuntime {
  return {
    stack: 'java',
    worker: 'java',
    text: `Java ${version}`,
    version: `${version}.0`,
    linux: `Java|${version}`,
    windows: { config: { javaVersion: version === '8' ? '1.8' : version } },
    end,
    flex: version === '21' || version === '17',
  }
}
