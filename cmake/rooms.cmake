# ieum_cold(target): what no event waits for is optimised less.
function(ieum_cold target)
  target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-O1>)
endfunction()

# What nearly every file reads is read once (precompiled): the standard library and values by most rooms, the hub's
# parts by those that READ the runtime. Files still include what they use.
set(IEUM_READ_BY_ALL <algorithm> <charconv> <deque> <functional> <map> <memory> <mutex> <optional> <set> <string> <unordered_map>
  <utility> <variant> <vector> ${CMAKE_SOURCE_DIR}/core/base/json.hpp)
function(ieum_precompile target name reads)
  if(name STREQUAL "base")
    target_precompile_headers(${target} PRIVATE ${IEUM_READ_BY_ALL})
  elseif(name STREQUAL "runtime")
    target_precompile_headers(${target} PRIVATE ${IEUM_READ_BY_ALL} ${CMAKE_SOURCE_DIR}/core/runtime/context.hpp)
  else()
    target_precompile_headers(${target} REUSE_FROM ieum_${reads})
  endif()
endfunction()

# ieum_room(name [COLD] [READS runtime] ROOMS ... LIBS ...): the static library of one folder of core/, or an interface library
# while it has only headers. COLD: no event waits for it; it is optimised less, which takes a quarter off its compilation.
function(ieum_room name)
  cmake_parse_arguments(ROOM "COLD" "READS" "ROOMS;LIBS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/core/${name}/*.cpp)
  if(sources)
    add_library(ieum_${name} STATIC ${sources})
    if(NOT ROOM_READS)
      set(ROOM_READS base)
    endif()
    ieum_precompile(ieum_${name} ${name} ${ROOM_READS})
    if(ROOM_COLD)
      ieum_cold(ieum_${name})
    endif()
    set(scope PUBLIC)
  else()
    add_library(ieum_${name} INTERFACE)
    set(scope INTERFACE)
  endif()
  list(TRANSFORM ROOM_ROOMS PREPEND ieum_)
  target_include_directories(ieum_${name} ${scope} ${CMAKE_SOURCE_DIR}/core)
  target_link_libraries(ieum_${name} ${scope} ieum_flags ${ROOM_ROOMS} ${ROOM_LIBS})
endfunction()

# ieum_test(name ROOMS ... LIBS ...): one Boost.Test program from tests/<name>/*.cpp, run by ctest as <name>.
function(ieum_test name)
  cmake_parse_arguments(ROOM "" "" "ROOMS;LIBS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/${name}/*.cpp)
  if(NOT sources)
    return()
  endif()
  list(TRANSFORM ROOM_ROOMS PREPEND ieum_)
  add_executable(test_${name} ${sources} ${CMAKE_SOURCE_DIR}/tests/support/main.cpp)
  target_include_directories(test_${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests)
  target_compile_definitions(test_${name} PRIVATE BOOST_TEST_DYN_LINK
    IEUM_SOURCE_DIR="${CMAKE_SOURCE_DIR}" IEUM_BUILD_DIR="${CMAKE_BINARY_DIR}")
  target_link_libraries(test_${name} PRIVATE ${ROOM_ROOMS} ${ROOM_LIBS} Boost::unit_test_framework)
  # A test is compiled more often than it is run: without optimisation, and so without what needs it.
  set_target_properties(test_${name} PROPERTIES IEUM_QUICK ON)
  target_compile_options(test_${name} PRIVATE -O0)
  # The first suite precompiles for the others. A suite of no room (the sdk's) has names of its own.
  set_source_files_properties(${CMAKE_SOURCE_DIR}/tests/support/main.cpp PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
  if(name STREQUAL "base")
    target_precompile_headers(test_${name} PRIVATE ${IEUM_READ_BY_ALL} <boost/test/unit_test.hpp>)
  elseif(ROOM_ROOMS)
    target_precompile_headers(test_${name} REUSE_FROM test_base)
  endif()
  # Debian builds cpp-httplib with TLS: without the macro its classes have another layout than the library's.
  if("cpp-httplib" IN_LIST ROOM_LIBS)
    target_compile_definitions(test_${name} PRIVATE CPPHTTPLIB_OPENSSL_SUPPORT)
    target_link_libraries(test_${name} PRIVATE OpenSSL::SSL OpenSSL::Crypto)
  endif()
  add_test(NAME ${name} COMMAND test_${name})
endfunction()
