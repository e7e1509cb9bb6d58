/** A subproject of the clone, driven with the real `docker compose`. */
import { join } from 'node:path';
import { REPOSITORY } from './settings.ts';
import { type Ended, run, tryRun } from './run.ts';

const WAIT_SECONDS = 300;

export class Project {
  /** The compose project's name, which only these tests use, so that no other gateway is changed. */
  readonly name: string;
  /** Relative to the repository. */
  readonly folder: string;
  readonly #env: Record<string, string>;
  readonly #files: string[];

  /** `files` are the compose files; by default the one that Compose finds. */
  constructor(name: string, folder: string, env: Record<string, string>, files: string[] = []) {
    this.name = name;
    this.folder = folder;
    this.#env = env;
    this.#files = files;
  }

  /** The same project as it is deployed. */
  get deployed(): Project {
    const files = ['docker-compose.yml', 'docker-compose.prod.yml'];
    return new Project(this.name, this.folder, this.#env, files);
  }

  get path(): string {
    return join(REPOSITORY, this.folder);
  }

  async build(): Promise<void> {
    await this.#compose(['build']);
  }

  /** Started, and healthy. `env` wins over the project's own. */
  async up(env: Record<string, string> = {}): Promise<void> {
    const wait = ['--wait', '--wait-timeout', String(WAIT_SECONDS)];
    await this.#compose(['up', '--detach', ...wait], env);
  }

  async container(service: string): Promise<string> {
    const id = await this.#compose(['ps', '--quiet', service]);
    if (id === '') throw new Error(`${this.name} has no container of ${service}`);
    return id;
  }

  /** What a command in the service's container prints. */
  async exec(service: string, ...command: string[]): Promise<string> {
    return run('docker', ['exec', await this.container(service), ...command]);
  }

  async tryExec(service: string, ...command: string[]): Promise<Ended> {
    return tryRun('docker', ['exec', await this.container(service), ...command]);
  }

  /** The address of the service's container on one of its networks. */
  async address(service: string, network: string): Promise<string> {
    return run('docker', [
      'inspect',
      '--format',
      `{{(index .NetworkSettings.Networks "${network}").IPAddress}}`,
      await this.container(service),
    ]);
  }

  #compose(args: string[], env: Record<string, string> = {}): Promise<string> {
    const envFiles = [join(REPOSITORY, '.env.shared'), '.env.app'];
    const files = [
      ...envFiles.flatMap((file) => ['--env-file', file]),
      ...this.#files.flatMap((file) => ['--file', file]),
    ];
    return run('docker', ['compose', '-p', this.name, '--progress', 'plain', ...files, ...args], {
      cwd: this.path,
      env: { ...this.#env, ...env },
    });
  }
}
