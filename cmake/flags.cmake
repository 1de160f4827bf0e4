# Compiler and linker settings shared by every target: warnings, hardening, sanitizers, a fast linker, ccache.
add_library(ieum_flags INTERFACE)
set(IEUM_SANITIZE "" CACHE STRING "empty, address (with undefined), thread or fuzz (clang)")

target_compile_options(ieum_flags INTERFACE -pthread -Wall -Wextra -Wformat=2 -Werror=format-security -Wno-missing-field-initializers
  -fvisibility=hidden)
# Asio and Beast are compiled once, in core/net/beast_sources.cpp; the fence option keeps TSan quiet about Asio's fences.
target_compile_definitions(ieum_flags INTERFACE BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION
  BOOST_ASIO_NO_DEPRECATED SPDLOG_COMPILED_LIB SPDLOG_FMT_EXTERNAL)

set(undefined signed-integer-overflow,shift,bounds,bool,enum,integer-divide-by-zero,float-cast-overflow)
if(IEUM_SANITIZE STREQUAL "address")
  target_compile_options(ieum_flags INTERFACE -fsanitize=address,${undefined} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(ieum_flags INTERFACE -fsanitize=address,undefined)
elseif(IEUM_SANITIZE STREQUAL "fuzz")  # clang; -fsanitize=fuzzer itself belongs to the programs (tests/fuzz)
  target_compile_options(ieum_flags INTERFACE -O1 -gline-tables-only
    -fsanitize=address,${undefined},unreachable,return,vla-bound,fuzzer-no-link -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(ieum_flags INTERFACE -fsanitize=address,undefined)
elseif(IEUM_SANITIZE STREQUAL "thread")
  target_compile_options(ieum_flags INTERFACE -fsanitize=thread)
  target_compile_definitions(ieum_flags INTERFACE BOOST_ASIO_DISABLE_FENCED_BLOCK)
  target_link_options(ieum_flags INTERFACE -fsanitize=thread)
else()
  target_compile_options(ieum_flags INTERFACE -fstack-protector-strong -fstack-clash-protection -fcf-protection=full
    -ftrivial-auto-var-init=zero "$<$<AND:$<CONFIG:Release>,$<NOT:$<BOOL:$<TARGET_PROPERTY:IEUM_QUICK>>>>:-U_FORTIFY_SOURCE;-D_FORTIFY_SOURCE=2>" -D_GLIBCXX_ASSERTIONS)
  target_link_options(ieum_flags INTERFACE -Wl,-z,relro,-z,now,-z,noexecstack)
endif()
target_link_options(ieum_flags INTERFACE $<$<STREQUAL:$<TARGET_PROPERTY:TYPE>,EXECUTABLE>:-pie>)

find_program(IEUM_MOLD mold)
if(IEUM_MOLD)
  target_link_options(ieum_flags INTERFACE -fuse-ld=mold)
endif()
find_program(IEUM_CCACHE ccache)
if(IEUM_CCACHE)
  # A precompiled header is the same for every file of one build; ccache has to be told. It compares the files themselves
  # (CCACHE_DEPEND), not their preprocessed text: GCC knows the headers inside a precompiled one by their bytes, so one made
  # before a comment changed would define everything twice. What an older cache holds of that kind has another namespace.
  set(CMAKE_CXX_COMPILER_LAUNCHER env CCACHE_DEPEND=1 CCACHE_NAMESPACE=ieum-depend
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${IEUM_CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${IEUM_CCACHE})
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  target_compile_options(ieum_flags INTERFACE "SHELL:-Xclang -fno-pch-timestamp")
else()
  # GCC would collect its garbage several times in a file of this size; half a gigabyte a compiler buys a sixth of the time.
  target_compile_options(ieum_flags INTERFACE -fpch-preprocess "SHELL:--param ggc-min-heapsize=600000")
  # What GCC 12 reports of its own std::string (bug 105651) is no longer hidden as a system header's once that is precompiled.
  target_compile_options(ieum_flags INTERFACE -Wno-array-bounds -Wno-stringop-overflow)
endif()
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -g1")
set(CMAKE_CXX_FLAGS_DEBUG "-O0 -g1")
