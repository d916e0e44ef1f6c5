# shellcheck shell=bash
# Set-up shared by the scripts in this folder; sourced, never run. All messages go to stderr.

root="$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)"

say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }

give_up() {
  say "$*"
  exit 2
}

# packages_for PART… : the packages that everybody needs, and those of the parts named.
packages_for() {
  local name part _ wanted
  while read -r name part _; do
    case "$name" in '' | '#'*) continue ;; esac
    for wanted in '' '#' "$@"; do
      if [[ ${part/#'#'*/'#'} == "$wanted" ]]; then printf '%s\n' "$name"; fi
    done
  done <"$root/scripts/packages.txt"
}

# missing_packages PACKAGE… : those that are not installed.
missing_packages() {
  local -A installed=()
  local status name
  while read -r status name; do
    if [[ $status == installed ]]; then installed[$name]=1; fi
  done < <(dpkg-query --show --showformat '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null)
  for name in "$@"; do
    if [[ -z ${installed[$name]-} ]]; then printf '%s\n' "$name"; fi
  done
}

# install_packages PART… : installs what is missing, or says what to install.
install_packages() {
  local -a wanted missing as_root=()
  # Elsewhere than on Debian the configuration says what it cannot find (see vcpkg.json).
  command -v dpkg-query >/dev/null || return 0
  mapfile -t wanted < <(packages_for "$@")
  mapfile -t missing < <(missing_packages "${wanted[@]}")
  ((${#missing[@]})) || return 0

  local command="apt-get install -y --no-install-recommends ${missing[*]}"
  if ((EUID != 0)); then
    if ! command -v sudo >/dev/null || ! sudo -n true 2>/dev/null; then
      give_up "these packages are missing, and installing them needs root; run: sudo $command"
    fi
    as_root=(sudo -n)
  fi
  say "installing ${missing[*]}"
  local log
  log="$(mktemp)"
  if ! { { "${as_root[@]}" apt-get update || true; } &&
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
      "${missing[@]}"; } >"$log" 2>&1 </dev/null; then
    tail -n 20 "$log" >&2
    rm -f "$log"
    give_up "the packages could not be installed; with a network, run: sudo $command"
  fi
  rm -f "$log"
}

# targets_of PART : what is built for it: "program" (with the sample databases), "threads" (the suite
# whose scenarios start threads) or "everything".
targets_of() {
  case "$1" in
    program) printf '%s\n' ommi-doctor sample-dbs ;;
    threads) printf '%s\n' conformance_tests ;;
    *) printf '%s\n' all ;;
  esac
}

# is_current PRESET PART : whether the part is as new as its sources. A folder counts too: its time
# changes when a file comes or goes.
is_current() {
  local build="$root/build/$1" stamp="$root/build/$1/$2.stamp" script
  local -a sources=("$root"/{src,include,cmake,CMakeLists.txt,CMakePresets.json}
    "$root"/sample-dbs/{CMakeLists.txt,*.sql})
  if [[ $2 != program ]]; then sources+=("$root/tests"); fi
  [[ -e $stamp ]] || return 1
  if [[ $2 != threads ]]; then
    [[ -x $build/ommi-doctor ]] || return 1
    for script in "$root"/sample-dbs/*.sql; do
      [[ -e ${script%.sql}.db ]] || return 1
    done
  fi
  [[ -z $(find "${sources[@]}" -newer "$stamp" -print -quit) ]]
}

# configure PRESET : when it was not yet, or not from here, or by other presets.
configure() {
  local cache="$root/build/$1/CMakeCache.txt"
  if [[ -e $cache ]] && ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$cache"; then
    rm -rf "$root/build/$1" # the checkout was moved or copied
  fi
  if [[ ! -e $root/build/$1/build.ninja || $root/CMakePresets.json -nt $cache ]]; then
    (cd "$root" && cmake --preset "$1") || return 1
  fi
}

# build PRESET PART : quiet unless it fails. One build at a time; others wait for it.
build() {
  local preset="$1" part="$2" log="$root/build/$1.log" started
  local -a targets
  mapfile -t targets < <(targets_of "$part")
  if ! { mkdir -p "$root/build" && : >>"$root/build/.lock"; } 2>/dev/null; then
    give_up "build/$preset is out of date, and $root/build cannot be written to"
  fi
  exec 9>"$root/build/.lock"
  if ! flock --nonblock 9; then
    say "waiting for another build"
    flock 9
  fi
  if is_current "$preset" "$part"; then
    exec 9>&-
    return 0
  fi

  if [[ -e $root/build/$preset/$part.stamp ]]; then
    say "bringing build/$preset up to date"
  else
    say "building in build/$preset: the first time takes some minutes"
  fi
  started="$(mktemp)"
  if ! { configure "$preset" &&
    cmake --build "$root/build/$preset" --parallel "$(nproc)" --target "${targets[@]}"; } \
    >"$log" 2>&1 </dev/null 9>&-; then
    rm -f "$started"
    tail -n 60 "$log" >&2
    give_up "the build failed; its whole output is in $log"
  fi
  touch --reference "$started" "$root/build/$preset/$part.stamp"
  rm -f "$started"
  exec 9>&-
}
