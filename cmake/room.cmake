# hotich_room(NAME PUBLIC lib... PRIVATE lib...): the library hotich_NAME made of the .cc files beside
# the calling CMakeLists.txt. Include paths start at the root of the repository.
function(hotich_room name)
  cmake_parse_arguments(ROOM "" "" "PUBLIC;PRIVATE" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cc)
  add_library(hotich_${name} STATIC ${sources})
  target_include_directories(hotich_${name} PUBLIC ${PROJECT_SOURCE_DIR})
  target_link_libraries(hotich_${name} PUBLIC ${ROOM_PUBLIC} PRIVATE hotich_warnings ${ROOM_PRIVATE})
endfunction()

# hotich_test(NAME lib...): the program NAME_test of all tests/NAME/*_test.cc, known to ctest.
function(hotich_test name)
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/${name}/*.cc)
  if(sources)
    add_executable(${name}_test ${sources})
    target_link_libraries(${name}_test PRIVATE hotich_warnings ${ARGN} GTest::gmock GTest::gtest_main)
    target_compile_definitions(${name}_test PRIVATE HOTICH_SOURCE_DIR="${PROJECT_SOURCE_DIR}"
                               HOTICH_BINARY_DIR="${CMAKE_BINARY_DIR}")
    # Names by index: printed parameters may hold addresses, which change with every run.
    gtest_discover_tests(${name}_test TEST_PREFIX "${name}." NO_PRETTY_VALUES DISCOVERY_TIMEOUT 60
                         PROPERTIES TIMEOUT 300)
  endif()
endfunction()
