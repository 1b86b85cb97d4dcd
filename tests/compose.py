"""The rules of tests/compose, which runs this from the repository's root."""

import fnmatch
import pathlib
import re
import sys

import yaml

faults, checked = [], 0


def expect(truth, fault):
    global checked
    checked += 1
    if not truth:
        faults.append(fault)


def read(path):
    return pathlib.Path(path).read_text(encoding="utf-8")


# The compose file

text = read("docker-compose.yml")
compose = yaml.safe_load(text)
services = compose["services"]


def condition(service, other):
    needed = services[service].get("depends_on", {})
    return needed.get(other, {}).get("condition") if isinstance(needed, dict) else None


expect(set(services) == {"mikomi", "migrate", "postgres"}, f"services are {sorted(services)}")
for service in ("mikomi", "postgres"):
    check = services[service].get("healthcheck", {}).get("test")
    expect(isinstance(check, list) and check[0] in ("CMD", "CMD-SHELL"), f"{service} has no health check")
    expect(services[service].get("restart") == "unless-stopped", f"{service} is not restarted")
expect(services["migrate"].get("command") == ["migrate"], "migrate does not run `mikomi migrate`")
expect(services["migrate"].get("restart") == "no", 'migrate is a one-shot: restart must be "no"')
expect(condition("migrate", "postgres") == "service_healthy", "migrate does not wait for a healthy postgres")
expect(condition("mikomi", "postgres") == "service_healthy", "mikomi does not wait for a healthy postgres")
expect(condition("mikomi", "migrate") == "service_completed_successfully", "mikomi does not wait for migrate's success")
for service, settings in services.items():
    expect("image" in settings or "build" in settings, f"{service} has neither image nor build")
    for volume in settings.get("volumes", []):
        source = volume.split(":")[0]
        expect(source[0] in "./" or source in compose.get("volumes", {}), f"{service}: volume {source} is not declared")
kept = [volume.split(":") for volume in services["postgres"].get("volumes", [])]
expect(
    any(target[1].startswith("/var/lib/postgresql") and target[0][0] not in "./" for target in kept),
    "the database is in no named volume",
)
for key in ("POSTGRES_PASSWORD", "MIKOMI_DATABASE"):
    values = [s["environment"][key] for s in services.values() if key in s.get("environment", {})]
    expect(
        values and all("${MIKOMI_POSTGRES_PASSWORD" in value for value in values),
        f"{key} does not take the password from the environment",
    )

# Every variable is documented with the default that the compose file falls back to.
documented = dict(re.findall(r"^([A-Z_]+)=(.*)$", read(".env.example"), re.M))
used = dict(re.findall(r"\$\{([A-Z_]+):-([^}]*)\}", text))
expect(len(re.findall(r"\$\{[A-Z_]+", text)) == len(re.findall(r"\$\{[A-Z_]+:-", text)), "a variable has no default")
expect(used == documented, f".env.example documents {documented}, docker-compose.yml uses {used}")

# The Dockerfile

ignored = [line for line in read(".dockerignore").splitlines() if line and not line.startswith("#")]


def is_ignored(path):
    parts = pathlib.PurePosixPath(path).parts
    prefixes = ["/".join(parts[: n + 1]) for n in range(len(parts))]
    return any(
        fnmatch.fnmatch(p, rule) or fnmatch.fnmatch(p, rule.removeprefix("**/")) for rule in ignored for p in prefixes
    )


lines = re.sub(r"\\\n", " ", re.sub(r"^#.*\n", "", read("Dockerfile"), flags=re.M)).splitlines()
steps = [line.split(None, 1) for line in lines if line.strip()]
stages = {match[1] for verb, rest in steps if verb == "FROM" and (match := re.search(r" AS (\S+)", rest))}
for verb, rest in steps:
    if verb in ("COPY", "ADD"):
        words = rest.split()
        stage = next((word.removeprefix("--from=") for word in words if word.startswith("--from=")), None)
        sources = [word for word in words if not word.startswith("--")][:-1]
        expect(stage is None or stage in stages, f"COPY from the unknown stage {stage}")
        for source in sources if stage is None else []:
            found = [str(path) for path in pathlib.Path(".").glob(source)] if source != "." else ["."]
            expect(found, f"COPY {source}: not in the repository")
            expect(source == "." or not all(map(is_ignored, found)), f"COPY {source}: left out by .dockerignore")
final = dict(steps[max(i for i, (verb, _) in enumerate(steps) if verb == "FROM") :])
expect(final.get("USER", "root").split(":")[0] not in ("root", "0"), "the image runs as root")
expect("mikomi" in final.get("HEALTHCHECK", ""), "the image has no health check of its own")
expect(final.get("VOLUME") == "/data", "/data is not a volume")
expect(final.get("EXPOSE") == "8080", "8080 is not exposed")
expect("MIKOMI_LISTEN=0.0.0.0:8080" in final.get("ENV", ""), "MIKOMI_LISTEN is not 0.0.0.0:8080")
version = lambda text: tuple(map(int, text.split(".")))
oldest, image = re.search(r'^rust-version = "([\d.]+)"', read("Cargo.toml"), re.M), re.search(
    r"FROM rust:([\d.]+)", "\n".join(lines)
)
expect(
    version(image[1]) >= version(oldest[1]),
    f"Rust {image[1]} in the Dockerfile is older than Cargo.toml asks for ({oldest[1]})",
)

# What the build reads, the build must be given: files that the source embeds, paths that Cargo.toml names.
embeds = re.compile(
    r"(include_str|include_bytes|include|include_dir|embed_migrations)!\(\s*"
    r'(?:concat!\(\s*env!\("CARGO_MANIFEST_DIR"\),\s*)?"(/?)([^"]+)"'
)
for file in sorted(pathlib.Path("src").rglob("*.rs")):
    for macro, from_root, path in embeds.findall(read(file)):
        base = (
            file.parent
            if macro.startswith("include") and macro != "include_dir" and not from_root
            else pathlib.Path(".")
        )
        target = (base / path.removeprefix("$CARGO_MANIFEST_DIR/")).resolve()
        inside = target.is_relative_to(pathlib.Path(".").resolve())
        expect(inside and target.exists(), f"{file}: {macro}! reads {path}, which is not in the repository")
        expect(
            not inside or not is_ignored(target.relative_to(pathlib.Path(".").resolve())),
            f"{file}: {macro}! reads {path}, which .dockerignore leaves out",
        )
for path in re.findall(r'^path = "([^"]+)"', read("Cargo.toml"), re.M):
    expect(not is_ignored(path), f"Cargo.toml names {path}, which .dockerignore leaves out")

for fault in faults:
    print(f"fault: {fault}")
print(f"compose: {checked - len(faults)} passed, {len(faults)} failed")
sys.exit(bool(faults))
