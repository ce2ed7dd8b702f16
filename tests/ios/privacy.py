"""The privacy manifest is a property list with what Apple asks for, and its reasons fit what the library calls."""

import plistlib
import re

with open("ios/PrivacyInfo.xcprivacy", "rb") as file:
    manifest = plistlib.load(file)

assert set(manifest) == {
    "NSPrivacyTracking",
    "NSPrivacyTrackingDomains",
    "NSPrivacyCollectedDataTypes",
    "NSPrivacyAccessedAPITypes",
}, manifest.keys()
assert manifest["NSPrivacyTracking"] is False
assert manifest["NSPrivacyTrackingDomains"] == [] and manifest["NSPrivacyCollectedDataTypes"] == []

# The functions of C on Apple's list, and the names that have to do with Objective-C.
LISTED = {
    "NSPrivacyAccessedAPICategoryFileTimestamp": (
        ["stat", "fstat", "fstatat", "lstat", "getattrlist", "getattrlistbulk", "fgetattrlist", "getattrlistat"],
        ["NSFileCreationDate", "NSFileModificationDate", "NSURLContentModificationDateKey", "NSURLCreationDateKey"],
    ),
    "NSPrivacyAccessedAPICategorySystemBootTime": (["mach_absolute_time"], ["systemUptime"]),
    "NSPrivacyAccessedAPICategoryDiskSpace": (
        ["statfs", "statvfs", "fstatfs", "fstatvfs"],
        ["NSFileSystemFreeSize", "NSFileSystemSize", "NSURLVolumeAvailableCapacity"],
    ),
    "NSPrivacyAccessedAPICategoryActiveKeyboards": ([], ["activeInputModes"]),
    "NSPrivacyAccessedAPICategoryUserDefaults": ([], ["NSUserDefaults"]),
}

# What `make ios` has found the library to call.
with open("scripts/cross/ios-symbols.txt") as file:
    called = {line.split()[1] for line in file if line.strip() and not line.startswith("#")}
assert "clock_gettime" in called, "scripts/cross/ios-symbols.txt does not look like a list of symbols"

import glob

sources = "".join(open(name).read() for pattern in ("ios/*.[hm]", "ios/*.mm", "cpp/**/*.[hc]*") for name in glob.glob(pattern, recursive=True))
needed = {
    category
    for category, (functions, names) in LISTED.items()
    if called & set(functions)
    or any(re.search(rf"\b{function}\s*\(", sources) for function in functions)
    or any(name in sources for name in names)
}
declared = {entry["NSPrivacyAccessedAPIType"]: entry["NSPrivacyAccessedAPITypeReasons"] for entry in manifest["NSPrivacyAccessedAPITypes"]}
assert set(declared) == needed, f"declared {set(declared)}, needed {needed}"
assert all(re.fullmatch(r"[0-9A-F]{4}\.\d", reason) for reasons in declared.values() for reason in reasons)
